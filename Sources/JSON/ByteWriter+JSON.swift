import Memory

/// Writes JSON (RFC 8259) with nothing between the tokens, and keeps no state of its own.
///
/// A comma is set before a value or name when something stands before it: when the last byte is not
/// one that opens (`{`, `[`), separates (`:`, `,`) or ends a line, as the head of an HTTP message
/// does.
/// That what is begun is ended, and that a value in an object has a name, is up to the caller.
extension ByteWriter {
  public mutating func beginObject() { open(UInt8(ascii: "{")) }
  public mutating func endObject() { append(UInt8(ascii: "}")) }
  public mutating func beginArray() { open(UInt8(ascii: "[")) }
  public mutating func endArray() { append(UInt8(ascii: "]")) }

  /// Begins a member; its value is to follow.
  ///
  /// - Parameter literal: characters that need no escape.
  public mutating func name(_ literal: StaticString) { quoted(literal.bytes, isName: true) }

  /// - Parameter literal: characters that need no escape.
  public mutating func string(_ literal: StaticString) { quoted(literal.bytes, isName: false) }

  /// - Parameter text: characters that need no escape.
  public mutating func string(plain text: RawSpan) { quoted(text, isName: false) }

  /// All at once: a comma where one is due, and `text` between quotes.
  private mutating func quoted(_ text: RawSpan, isName: Bool) {
    let quote = UInt8(ascii: "\"")
    append(
      text, between: needsComma ? Affix(UInt8(ascii: ","), quote) : Affix(quote),
      and: isName ? Affix(quote, UInt8(ascii: ":")) : Affix(quote))
  }

  /// - Parameter text: UTF-8, which the caller has checked.
  public mutating func string(_ text: RawSpan) {
    open(UInt8(ascii: "\""))
    escaped(text)
    append(UInt8(ascii: "\""))
  }

  /// A string that was read, as it was written.
  public mutating func string(_ text: borrowing JSONString) {
    open(UInt8(ascii: "\""))
    append(text.raw)
    append(UInt8(ascii: "\""))
  }

  /// A value that was read and found well formed, without white space around it.
  public mutating func raw(_ json: RawSpan) {
    separate()
    append(json)
  }

  public mutating func bool(_ value: Bool) {
    separate()
    if value { append(constant: "true") } else { append(constant: "false") }
  }

  public mutating func null() {
    separate()
    append("null")
  }

  private mutating func open(_ character: UInt8) {
    separate()
    append(character)
  }

  mutating func separate() {
    if needsComma { append(UInt8(ascii: ",")) }
  }

  private var needsComma: Bool {
    switch last {
    case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: ","),
      UInt8(ascii: "\n"):
      false
    default: true
    }
  }

  /// A part of a string that was begun, with its escapes (RFC 8259 section 7): quotes, backslashes
  /// and control characters, and nothing else.
  public mutating func escaped(_ text: RawSpan) {
    var start = 0
    while true {
      let end = text.skippingUnescaped(from: start)
      append(text.extracting(start..<end))
      guard end < text.byteCount else { return }
      appendEscape(of: text[end])
      start = end + 1
    }
  }

  private mutating func appendEscape(of byte: UInt8) {
    append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
    case 0x08: append(UInt8(ascii: "b"))
    case 0x09: append(UInt8(ascii: "t"))
    case 0x0A: append(UInt8(ascii: "n"))
    case 0x0C: append(UInt8(ascii: "f"))
    case 0x0D: append(UInt8(ascii: "r"))
    default:
      append("u00")
      append(hexadecimalDigit(byte >> 4))
      append(hexadecimalDigit(byte & 0xF))
    }
  }
}

private func hexadecimalDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}

extension RawSpan {
  /// To the first byte that must be escaped in a string.
  fileprivate func skippingUnescaped(from start: Int) -> Int {
    var offset = start
    while byteCount - offset >= 8 {
      let special = load(at: offset, as: UInt64.self).littleEndian.specials
      if special != 0 { return offset + special.trailingZeroBitCount >> 3 }
      offset += 8
    }
    while offset < byteCount, self[offset] >= 0x80 || self[offset].isPlainASCII { offset += 1 }
    return offset
  }
}
