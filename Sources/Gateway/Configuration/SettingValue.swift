/// The value of a setting, of the case that its kind reads.
enum SettingValue: Equatable, Sendable {
  case flag(Bool)
  /// A count, or a size in bytes.
  case number(Int)
  case milliseconds(Int)
  /// The place of the name among the kind's names.
  case choice(Int)
  /// Text, a secret, a path or a list of addresses.
  case text([UInt8])
}

/// Why a text is no value of its setting.
struct UnreadableValue: Error {
  let reason: StaticString

  init(_ reason: StaticString) { self.reason = reason }
}
