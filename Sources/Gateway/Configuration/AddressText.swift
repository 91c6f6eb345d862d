import Memory

/// Numeric addresses, checked for their form; nothing is looked up.
enum AddressText {
  /// The same list without the spaces around its commas.
  static func list(_ text: [UInt8]) throws(UnreadableValue) -> [UInt8] {
    var list: [UInt8] = []
    for part in text.parts(separatedBy: UInt8(ascii: ",")) {
      let address = trimmed(part)
      guard address.span.raw.isIPv4Address || isIPv6(address) else {
        throw UnreadableValue("holds something other than a numeric address")
      }
      if !list.isEmpty { list.append(",") }
      list += address
    }
    return list
  }

  private static func trimmed(_ text: [UInt8]) -> [UInt8] {
    var text = text
    while text.first == UInt8(ascii: " ") { text.removeFirst() }
    while text.last == UInt8(ascii: " ") { text.removeLast() }
    return text
  }

  /// With a zone after `%` as in RFC 4007, section 11.
  private static func isIPv6(_ text: [UInt8]) -> Bool {
    let percent = UInt8(ascii: "%")
    let end = text.firstIndex(of: percent) ?? text.count
    guard text.span.raw.extracting(0..<end).isIPv6Address else { return false }
    return end == text.count || end + 1 < text.count && !text[(end + 1)...].contains(percent)
  }
}
