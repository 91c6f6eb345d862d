import Memory

extension UInt8 {
  var isContinuation: Bool { self & 0xC0 == 0x80 }

  /// RFC 8259 section 2.
  var isSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }

  var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

  /// May stand in a string as it is (RFC 8259 section 7), and is ASCII.
  var isPlainASCII: Bool {
    self >= 0x20 && self < 0x80 && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\")
  }

  /// What a backslash and this character stand for, nil when nothing.
  var unescaped: UInt8? {
    switch self {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): self
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }
}

/// Eight characters at once: the highest bit of a byte is set where it is one of those asked for.
///
/// Only the lowest bit that is set is to be trusted: a byte that is found may borrow from the next.
extension UInt64 {
  private static var ones: UInt64 { 0x0101_0101_0101_0101 }
  private static var highBits: UInt64 { 0x8080_8080_8080_8080 }

  private func equal(to byte: UInt64) -> UInt64 {
    let difference = self ^ (UInt64.ones &* byte)
    return (difference &- UInt64.ones) & ~difference
  }

  private var control: UInt64 { (self &- UInt64.ones &* 0x20) & ~self }

  /// Control characters, quotes and backslashes.
  var specials: UInt64 { (control | equal(to: 0x22) | equal(to: 0x5C)) & UInt64.highBits }

  var specialsOrNotASCII: UInt64 { specials | self & UInt64.highBits }
}

// `byte(at:)` is a zero behind the end, which the grammar has nowhere.
extension RawSpan {
  /// Most documents have no white space at all.
  @inline(__always) func skippingSpace(from start: Int) -> Int {
    byte(at: start) > 0x20 ? start : skippingMoreSpace(from: start)
  }

  @inline(never) private func skippingMoreSpace(from start: Int) -> Int {
    var offset = start
    while byte(at: offset).isSpace { offset += 1 }
    return offset
  }

  /// Four hexadecimal digits, nil where there are not.
  func hexadecimal(at start: Int) -> UInt32? {
    guard start <= byteCount - 4 else { return nil }
    var value: UInt32 = 0
    for offset in start..<start + 4 {
      let byte = self[offset]
      let letter = byte.lowercased &- UInt8(ascii: "a")
      guard byte.isDigit || letter < 6 else { return nil }
      value = value << 4 | UInt32(byte.isDigit ? byte &- UInt8(ascii: "0") : letter + 10)
    }
    return value
  }

  /// As `equals`, but a word at a time, and small where the length of `other` is known.
  @inlinable @inline(__always) public func hasSameBytes(as other: RawSpan) -> Bool {
    let count = other.byteCount
    guard byteCount == count else { return false }
    if count >= 8 { return hasSameWords(as: other, UInt64.self) }
    if count >= 4 { return hasSameWords(as: other, UInt32.self) }
    for offset in 0..<count where self[offset] != other[offset] { return false }
    return true
  }

  /// The last word overlaps the one before it, so that no word is put together from bytes.
  @inlinable @inline(__always) func hasSameWords<Word: FixedWidthInteger & BitwiseCopyable>(
    as other: RawSpan, _ word: Word.Type
  ) -> Bool {
    let last = other.byteCount - MemoryLayout<Word>.size
    var offset = 0
    while offset < last {
      guard load(at: offset, as: word) == other.load(at: offset, as: word) else { return false }
      offset += MemoryLayout<Word>.size
    }
    return load(at: last, as: word) == other.load(at: last, as: word)
  }
}
