import Memory

/// What the opening handshake of RFC 6455, section 4.2 asks of its own header fields.
public enum OpeningHandshake {
  /// SHA-1 of the bytes given.
  public typealias Digest = InlineArray<20, UInt8>

  /// Whether `key` is the base64 form of 16 bytes (section 4.2.1): 22 digits, of which the last
  /// carries two bits, and two signs of padding.
  public static func isValid(key: RawSpan) -> Bool {
    guard key.byteCount == 24, key[22] == padding, key[23] == padding else { return false }
    for offset in 0..<22 where value(ofBase64: key[offset]) == nil { return false }
    return value(ofBase64: key[21]).map { $0 & 0xF == 0 } ?? false
  }

  /// Whether the client speaks version 13, the only one (section 4.4).
  public static func isSupported(version: RawSpan) -> Bool { version.equals(thirteen.bytes) }

  /// What a server answers to `key`, 28 bytes of base64 (section 4.2.2).
  ///
  /// - Parameters:
  ///   - key: 24 bytes, checked by `isValid`.
  ///   - sha1: the hash function, which this module does not bring along.
  public static func accept(
    key: RawSpan, sha1: (RawSpan) -> Digest
  ) -> InlineArray<28, UInt8> {
    precondition(key.byteCount == 24)
    let suffix = guid.bytes
    let input = InlineArray<60, UInt8> { place in place < 24 ? key[place] : suffix[place - 24] }
    return base64(sha1(input.span.raw))
  }

  private static let thirteen: StaticString = "13"
  private static let guid: StaticString = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
  private static let alphabet: StaticString =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  private static let padding = UInt8(ascii: "=")

  private static func base64(_ digest: Digest) -> InlineArray<28, UInt8> {
    let digits = alphabet.bytes
    return InlineArray<28, UInt8> { place in
      let bit = place * 6
      guard bit < 160 else { return padding }
      let high = UInt16(digest[bit / 8]) << 8
      let low = bit / 8 + 1 < 20 ? UInt16(digest[bit / 8 + 1]) : 0
      return digits[Int((high | low) >> UInt16(10 - bit % 8) & 0x3F)]
    }
  }

  private static func value(ofBase64 digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
