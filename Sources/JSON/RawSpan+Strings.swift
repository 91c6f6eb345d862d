import Memory

/// The grammar of strings.
extension RawSpan {
  /// RFC 8259 section 7, from the opening quote at `quote` on.
  @_lifetime(copy self)
  @inline(__always) func scanString(at quote: Int) throws(JSONError) -> JSONString {
    // Most strings are plain to their end.
    let end = skippingPlainText(from: quote &+ 1)
    if byte(at: end) == UInt8(ascii: "\"") {
      return JSONString(self, quote &+ 1..<end, hasEscapes: false)
    }
    return try scanString(at: quote, plainTo: end)
  }

  /// - Parameter end: where something stands that is not plain, or the text ends.
  @_lifetime(copy self)
  @inline(never) func scanString(
    at quote: Int, plainTo end: Int
  ) throws(JSONError) -> JSONString {
    var offset = end
    var hasEscapes = false
    while true {
      let byte = byte(at: offset)
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        offset = try scanEscape(at: offset)
      } else if byte >= 0x80 {
        offset = try scanMultibyte(at: offset)
      } else {
        throw .malformed(at: offset)
      }
      offset = skippingPlainText(from: offset)
    }
    return JSONString(self, quote &+ 1..<offset, hasEscapes: hasEscapes)
  }

  /// To the first byte that is a quote, a backslash, a control character or not ASCII.
  @inline(__always) func skippingPlainText(from start: Int) -> Int {
    var offset = start
    while byteCount &- offset >= 8 {
      let special = load(at: offset, as: UInt64.self).littleEndian.specialsOrNotASCII
      if special != 0 { return offset &+ special.trailingZeroBitCount >> 3 }
      offset &+= 8
    }
    while offset < byteCount, self[offset].isPlainASCII { offset += 1 }
    return offset
  }

  /// Returns the place behind the escape whose backslash is at `start`.
  @inline(never) private func scanEscape(at start: Int) throws(JSONError) -> Int {
    guard byte(at: start + 1) == UInt8(ascii: "u") else {
      guard byte(at: start + 1).unescaped != nil else { throw .malformed(at: start) }
      return start + 2
    }
    guard let unit = hexadecimal(at: start + 2) else { throw .malformed(at: start) }
    guard unit >= 0xD800, unit < 0xE000 else { return start + 6 }
    guard unit < 0xDC00, byte(at: start + 6) == UInt8(ascii: "\\"),
      byte(at: start + 7) == UInt8(ascii: "u"), let low = hexadecimal(at: start + 8),
      low >= 0xDC00, low < 0xE000
    else { throw .malformed(at: start) }
    return start + 12
  }

  /// RFC 3629 section 4: returns the place behind all that is not ASCII from `start` on.
  @inline(never) private func scanMultibyte(at start: Int) throws(JSONError) -> Int {
    var offset = start
    while true {
      let lead = byte(at: offset)
      // The second byte's range shuts out overlong forms, surrogates and what is past U+10FFFF.
      let second = byte(at: offset + 1)
      let length: Int
      switch lead {
      case 0..<0x80: return offset
      case 0xC2...0xDF where second.isContinuation: length = 2
      case 0xE0 where 0xA0...0xBF ~= second: length = 3
      case 0xED where 0x80...0x9F ~= second: length = 3
      case 0xE1...0xEC where second.isContinuation: length = 3
      case 0xEE...0xEF where second.isContinuation: length = 3
      case 0xF0 where 0x90...0xBF ~= second: length = 4
      case 0xF1...0xF3 where second.isContinuation: length = 4
      case 0xF4 where 0x80...0x8F ~= second: length = 4
      default: throw .malformed(at: offset)
      }
      for tail in 2..<max(2, length) where !byte(at: offset + tail).isContinuation {
        throw .malformed(at: offset)
      }
      offset += length
    }
  }
}
