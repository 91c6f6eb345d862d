import Memory

/// What Memory's text at start has not: comparing, numbers, quotes, columns.
extension [UInt8] {
  /// - Parameter ignoringCase: whether ASCII letters lose their case first.
  func equals(_ text: StaticString, ignoringCase: Bool = false) -> Bool {
    let bytes = text.bytes
    guard count == bytes.byteCount else { return false }
    for place in indices {
      let (one, other) = (self[place], bytes[place])
      guard one == other || ignoringCase && one.lowercased == other.lowercased else {
        return false
      }
    }
    return true
  }

  mutating func append(decimal: Int) { append(decimal: Int64(decimal)) }

  /// - Parameter decimal: at least 0.
  mutating func append(decimal: Int64) {
    if decimal >= 10 { append(decimal: decimal / 10) }
    append(UInt8(ascii: "0") + UInt8(decimal % 10))
  }

  /// In quotes, in printable ASCII and cut when long, so that a line stays a line.
  mutating func append(quoted text: [UInt8]) {
    append("\"")
    append(escaped: text)
    append("\"")
  }

  mutating func append(escaped text: [UInt8], limit: Int = 80) {
    for byte in text.prefix(limit) {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        append("\\")
        append(byte)
      case 0x20...0x7E: append(byte)
      default:
        append("\\x")
        append(hexDigit: byte >> 4)
        append(hexDigit: byte & 0xF)
      }
    }
    if text.count > limit { append("...") }
  }

  private mutating func append(hexDigit nibble: UInt8) {
    append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
  }

  /// Spaces until the line that began at `start` is `width` wide.
  mutating func pad(to width: Int, from start: Int) {
    while count - start < width { append(" ") }
  }
}
