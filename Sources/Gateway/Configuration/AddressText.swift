import Memory

/// Numeric addresses, checked for their form; nothing is looked up.
enum AddressText {
  /// The same list without the spaces around its commas.
  static func list(_ text: [UInt8]) throws(UnreadableValue) -> [UInt8] {
    var list: [UInt8] = []
    for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let address = trimmed(part)
      guard isIPv4(address) || isIPv6(address) else {
        throw UnreadableValue("holds something other than a numeric address")
      }
      if !list.isEmpty { list.append(",") }
      list += address
    }
    return list
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while text.first == UInt8(ascii: " ") { text.removeFirst() }
    while text.last == UInt8(ascii: " ") { text.removeLast() }
    return text
  }

  /// Four decimal octets without leading zeros, which some resolvers take for octal.
  static func isIPv4(_ text: ArraySlice<UInt8>) -> Bool {
    let octets = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard octets.count == 4 else { return false }
    for octet in octets {
      guard octet.count <= 3, let number = try? NumberText.number(Array(octet)), number <= 255,
        octet.count == 1 || octet.first != UInt8(ascii: "0")
      else { return false }
    }
    return true
  }

  /// RFC 4291 section 2.2, with a zone after `%` as in RFC 4007 section 11.
  static func isIPv6(_ text: ArraySlice<UInt8>) -> Bool {
    let parts = text.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
    guard parts.count == 1 || (parts.count == 2 && !parts[1].isEmpty) else { return false }
    let address = parts[0]
    guard let gap = doubleColon(in: address) else { return groups(in: address) == 8 }
    guard doubleColon(in: address[(gap + 1)...]) == nil else { return false }
    let (front, back) = (address[..<gap], address[(gap + 2)...])
    guard let before = front.isEmpty ? 0 : groups(in: front, mayEndInIPv4: false),
      let after = back.isEmpty ? 0 : groups(in: back)
    else { return false }
    return before + after <= 7
  }

  private static func doubleColon(in text: ArraySlice<UInt8>) -> Int? {
    let colon = UInt8(ascii: ":")
    return text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
  }

  /// How many groups of 16 bits stand in `text`, nil when something else does.
  private static func groups(in text: ArraySlice<UInt8>, mayEndInIPv4: Bool = true) -> Int? {
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    var count = 0
    for place in parts.indices {
      if mayEndInIPv4 && place == parts.count - 1 && isIPv4(parts[place]) {
        count += 2
      } else {
        guard (1...4).contains(parts[place].count), parts[place].allSatisfy(isHexDigit) else {
          return nil
        }
        count += 1
      }
    }
    return count
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }
}
