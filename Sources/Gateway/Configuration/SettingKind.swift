/// How a setting is written and which values it takes.
public enum SettingKind: Sendable {
  case flag
  /// A whole number of some unit; the unit may be empty.
  case number(ClosedRange<Int>, of: StaticString)
  /// Milliseconds; written as in Go.
  case duration(ClosedRange<Int64>)
  /// Bytes.
  case size(ClosedRange<Int>)
  /// One of the names; the case of ASCII letters does not matter.
  case choice([StaticString])
  /// So many bytes, none of them a control character.
  case text(ClosedRange<Int>)
  /// Like text, but never shown; empty means not set.
  case secret(ClosedRange<Int>)
  /// A path; empty means not set.
  case file
  /// A day, `2026-11-21`.
  case date
  /// Numeric IPv4 and IPv6 addresses, separated by commas.
  case addresses

  /// The value, when it is within the range.
  func ranged(_ value: SettingValue) throws(UnreadableValue) -> SettingValue {
    let isAllowed =
      switch (self, value) {
      case (.number(let range, _), .number(let number)), (.size(let range), .number(let number)):
        range.contains(number)
      case (.duration(let range), .milliseconds(let milliseconds)): range.contains(milliseconds)
      case (.text(let range), .text(let bytes)): range.contains(bytes.count)
      case (.secret(let range), .text(let bytes)): bytes.isEmpty || range.contains(bytes.count)
      default: true
      }
    guard isAllowed else { throw UnreadableValue("out of range") }
    return value
  }

  /// The value that `text` stands for, whatever the range.
  func parse(_ text: [UInt8]) throws(UnreadableValue) -> SettingValue {
    switch self {
    case .flag: .flag(try Self.flag(text))
    case .number: .number(try NumberText.number(text))
    case .size: .number(try NumberText.bytes(text))
    case .duration: .milliseconds(try DurationText.milliseconds(text))
    case .choice(let names): .choice(try Self.place(of: text, in: names))
    case .date: .number(try DateText.days(text))
    case .text, .secret, .file: .text(try Self.printable(text))
    case .addresses: .text(try AddressText.list(text))
    }
  }

  private static func flag(_ text: [UInt8]) throws(UnreadableValue) -> Bool {
    let words: [StaticString] = ["false", "true", "no", "yes", "off", "on", "0", "1"]
    for place in words.indices where text.equals(words[place], ignoringCase: true) {
      return place % 2 == 1
    }
    throw UnreadableValue("neither true nor false")
  }

  private static func place(
    of text: [UInt8], in names: [StaticString]
  ) throws(UnreadableValue) -> Int {
    for place in names.indices where text.equals(names[place], ignoringCase: true) {
      return place
    }
    throw UnreadableValue("no such choice")
  }

  private static func printable(_ text: [UInt8]) throws(UnreadableValue) -> [UInt8] {
    for byte in text where byte < 0x20 || byte == 0x7F {
      throw UnreadableValue("holds a control character")
    }
    return text
  }
}
