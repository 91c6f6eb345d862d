/// The value of a setting, of the case that its kind reads.
enum SettingValue: Equatable, Sendable {
  case flag(Bool)
  /// A count, a size in bytes, or a day counted from 1970-01-01.
  case number(Int)
  /// Wider than the `Int` of a 32-bit board, which ends after 24 days.
  case milliseconds(Int64)
  /// The place of the name among the kind's names.
  case choice(Int)
  /// Text, a secret, a path or a list of addresses.
  case text([UInt8])
}

/// Why a text is no value of its setting.
public struct UnreadableValue: Error {
  public let reason: StaticString

  init(_ reason: StaticString) { self.reason = reason }
}
