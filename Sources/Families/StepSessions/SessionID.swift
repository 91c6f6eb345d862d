import Memory

/// A random UUID in its text form (RFC 9562, version 4).
struct SessionID {
  private var text: InlineArray<36, UInt8>

  /// - Parameter seed: 16 random bytes, of which six bits become version and variant.
  init(seed: InlineArray<16, UInt8>) {
    var bytes = seed
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    text = InlineArray(repeating: UInt8(ascii: "-"))
    var place = 0
    for index in 0..<16 {
      if index == 4 || index == 6 || index == 8 || index == 10 { place += 1 }
      text[place] = SessionID.digit(bytes[index] >> 4)
      text[place + 1] = SessionID.digit(bytes[index] & 0xF)
      place += 2
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  var bytes: RawSpan {
    @_lifetime(borrow self) get { text.span.raw }
  }
}
