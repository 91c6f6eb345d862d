import Memory

/// One row of the table: all that is known about a setting before the environment is read.
public struct Setting: Sendable {
  public let key: SettingKey
  /// The environment variable.
  public let name: StaticString
  public let kind: SettingKind
  /// The default, written as an operator would write it.
  public let fallback: StaticString
  /// What 0 means when it stands outside the kind's range, nil when it is a number like any other.
  public let zero: StaticString?
  /// One sentence.
  public let summary: StaticString

  init(
    _ key: SettingKey, _ name: StaticString, _ kind: SettingKind, _ fallback: StaticString,
    zero: StaticString? = nil, _ summary: StaticString
  ) {
    self.key = key
    self.name = name
    self.kind = kind
    self.fallback = fallback
    self.zero = zero
    self.summary = summary
  }

  /// Whether the value may be shown to nobody.
  public var isSecret: Bool {
    if case .secret = kind { true } else { false }
  }

  /// Whether the value names a file.
  var isFile: Bool {
    if case .file = kind { true } else { false }
  }

  /// The value that `text` stands for.
  func read(_ text: [UInt8]) throws(UnreadableValue) -> SettingValue {
    let value = try kind.parse(text)
    if zero != nil && value == .number(0) { return value }
    return try kind.ranged(value)
  }

  /// What the setting takes, as in `1 to 4096 blocks, or 0 (derived)`.
  func appendAllowed(to sink: inout [UInt8]) {
    kind.appendAllowed(to: &sink)
    guard let zero else { return }
    sink.append(", or 0 (")
    sink.append(zero)
    sink.append(")")
  }
}
