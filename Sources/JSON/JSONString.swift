import Memory

/// A string of a document: well-formed UTF-8 in which every escape stands for a Unicode scalar.
///
/// It may be passed on as it was written, between quotes, or decoded. An escape of half a surrogate
/// pair is refused when the string is read, since what a receiver makes of it cannot be foretold
/// (RFC 8259 section 8.2): so decoding cannot fail.
public struct JSONString: ~Escapable {
  /// What stands between the quotes, escapes and all.
  public let raw: RawSpan
  /// Where `raw` starts in the document, in bytes.
  public let start: Int
  public let hasEscapes: Bool

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, _ range: Range<Int>, hasEscapes: Bool) {
    raw = bytes.extracting(range)
    start = range.lowerBound
    self.hasEscapes = hasEscapes
  }

  /// Whether this decodes to `text`.
  @inlinable @inline(__always) public func equals(_ text: StaticString) -> Bool {
    if !hasEscapes { return raw.hasSameBytes(as: text.bytes) }
    return decodesTo(text.bytes)
  }

  /// Whether this decodes to the bytes of `text`, which are UTF-8.
  public func equals(_ text: RawSpan) -> Bool {
    if !hasEscapes { return raw.hasSameBytes(as: text) }
    return decodesTo(text)
  }

  @usableFromInline func decodesTo(_ text: RawSpan) -> Bool {
    var position = 0
    var matched = 0
    while position < raw.byteCount {
      let piece = piece(at: &position)
      guard piece.count <= text.byteCount - matched else { return false }
      for index in 0..<piece.count where piece.bytes[index] != text[matched + index] {
        return false
      }
      matched += piece.count
    }
    return matched == text.byteCount
  }

  /// Where `raw` stands in the document.
  public var range: Range<Int> { start..<start + raw.byteCount }

  /// Bytes of UTF-8 when decoded.
  public var decodedCount: Int {
    guard hasEscapes else { return raw.byteCount }
    var position = 0
    var count = 0
    while position < raw.byteCount { count += piece(at: &position).count }
    return count
  }

  /// Appends the decoded UTF-8.
  public func decode(into writer: inout ByteWriter) {
    guard hasEscapes else { return writer.append(raw) }
    var position = 0
    while position < raw.byteCount {
      let piece = piece(at: &position)
      for index in 0..<piece.count { writer.append(piece.bytes[index]) }
    }
  }

  /// The number that the string holds and nothing else, as RFC 8259 writes it; nil when it does not
  /// or has escapes.
  public var number: Double? {
    var reader = JSONReader(raw)
    guard !hasEscapes, raw.byteCount > 0, !raw[0].isSpace, !raw[raw.byteCount - 1].isSpace else {
      return nil
    }
    do throws(JSONError) {
      let value = try reader.readNumber()
      try reader.end()
      return value
    } catch {
      return nil
    }
  }

  /// One byte as it stands, or the UTF-8 of one escape.
  func piece(at position: inout Int) -> EncodedScalar {
    let first = raw[position]
    guard first == UInt8(ascii: "\\") else {
      position += 1
      return EncodedScalar(byte: first)
    }
    let kind = raw[position + 1]
    position += 2
    guard kind == UInt8(ascii: "u") else { return EncodedScalar(byte: kind.unescaped ?? kind) }
    var scalar = raw.hexadecimal(at: position) ?? 0
    position += 4
    if scalar >= 0xD800, scalar < 0xDC00 {
      let low = raw.hexadecimal(at: position + 2) ?? 0
      scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
      position += 6
    }
    return EncodedScalar(scalar)
  }
}

/// One Unicode scalar in UTF-8 (RFC 3629 section 3).
struct EncodedScalar {
  private(set) var bytes: SIMD4<UInt8>
  private(set) var count: Int

  init(byte: UInt8) {
    bytes = SIMD4(byte, 0, 0, 0)
    count = 1
  }

  init(_ scalar: UInt32) {
    func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(scalar >> shift & 0x3F) }
    switch scalar {
    case 0..<0x80: (bytes, count) = (SIMD4(UInt8(scalar), 0, 0, 0), 1)
    case 0x80..<0x800: (bytes, count) = (SIMD4(0xC0 | UInt8(scalar >> 6), tail(0), 0, 0), 2)
    case 0x800..<0x10000:
      (bytes, count) = (SIMD4(0xE0 | UInt8(scalar >> 12), tail(6), tail(0), 0), 3)
    default: (bytes, count) = (SIMD4(0xF0 | UInt8(scalar >> 18 & 7), tail(12), tail(6), tail(0)), 4)
    }
  }
}
