import Memory

/// Searches that look at eight bytes at once: heads come from everyone, before any token is known.
extension RawSpan {
  /// The place of the first control character in `start` ..< `end`, tabs left out; `end` when there
  /// is none.
  func firstControl(from start: Int, to end: Int) -> Int {
    var offset = start
    while offset <= end &- 8 {
      let found = load(at: offset, as: UInt64.self).littleEndian.controls
      guard found != 0 else {
        offset &+= 8
        continue
      }
      offset &+= found.trailingZeroBitCount / 8
      guard self[offset] == UInt8(ascii: "\t") else { return offset }
      offset &+= 1
    }
    while offset < end {
      let byte = self[offset]
      if byte.isControl, byte != UInt8(ascii: "\t") { return offset }
      offset += 1
    }
    return end
  }

  /// The place of the first byte in `start` ..< `end` that is no token character, or `end`.
  func tokenEnd(from start: Int, to end: Int) -> Int {
    var offset = plainEnd(from: start, to: end)
    while offset < end, self[offset].isTokenCharacter {
      offset = plainEnd(from: offset &+ 1, to: end)
    }
    return offset
  }

  /// A place in `start` ... `end` before which there are only ASCII letters, digits and hyphens.
  /// There may be more of them behind it only when less than eight bytes are left.
  func plainEnd(from start: Int, to end: Int) -> Int {
    var offset = start
    while offset <= end &- 8 {
      let others = load(at: offset, as: UInt64.self).littleEndian.othersThanPlain
      guard others == 0 else { return offset &+ others.trailingZeroBitCount / 8 }
      offset &+= 8
    }
    return offset
  }

  /// Whether the token at `start` is `name` in whatever case. Setting the bit that tells lower from
  /// upper case makes no token character a letter or a hyphen that was none.
  ///
  /// - Parameter name: at least four lower-case letters and hyphens.
  func hasToken(_ name: RawSpan, at start: Int) -> Bool {
    let count = name.byteCount
    guard count >= 8 else {
      let lowerCase: UInt32 = 0x2020_2020
      return load(at: start, as: UInt32.self) | lowerCase == name.load(at: 0, as: UInt32.self)
        && load(at: start + count - 4, as: UInt32.self) | lowerCase
          == name.load(at: count - 4, as: UInt32.self)
    }
    var offset = 0
    while offset < count {
      // The last word overlaps the one before it.
      offset = Swift.min(offset, count - 8)
      let word = load(at: start + offset, as: UInt64.self) | 0x2020_2020_2020_2020
      guard word == name.load(at: offset, as: UInt64.self) else { return false }
      offset += 8
    }
    return true
  }
}

extension UInt64 {
  private static var highBits: UInt64 { 0x8080_8080_8080_8080 }

  private static func each(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  /// The high bit of each byte that is below 0x20 or is 0x7F.
  fileprivate var controls: UInt64 {
    let low = self & ~UInt64.highBits
    let isPrintable = low &+ .each(0x60)
    let isDelete = low &+ .each(0x01)
    return (~isPrintable | isDelete) & ~self & .highBits
  }

  /// The high bit of each byte that is neither an ASCII letter nor a digit nor a hyphen; control
  /// characters from 0x10 to 0x19 pass for digits, so a search for them comes first.
  fileprivate var othersThanPlain: UInt64 {
    let low = self & ~UInt64.highBits
    let lowered = low | .each(0x20)
    let isFromA = lowered &+ .each(0x80 - UInt8(ascii: "a"))
    let isBehindZ = lowered &+ .each(0x7F - UInt8(ascii: "z"))
    let isFromZero = lowered &+ .each(0x80 - UInt8(ascii: "0"))
    let isBehindNine = lowered &+ .each(0x7F - UInt8(ascii: "9"))
    let isNoHyphen = (low ^ .each(UInt8(ascii: "-"))) &+ .each(0x7F)
    let isAlphanumeric = isFromA & ~isBehindZ | isFromZero & ~isBehindNine
    return (~isAlphanumeric & isNoHyphen | self) & .highBits
  }
}
