import JSON

/// What a user may do beside speaking for themselves.
public struct Roles: OptionSet, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let admin = Roles(rawValue: 1)
  public static let service = Roles(rawValue: 2)
  public static let proctor = Roles(rawValue: 4)

  /// The role of that name, none for another; upper and lower case differ.
  init(named name: borrowing JSONString) {
    if name.equals("admin") {
      self = .admin
    } else if name.equals("service") {
      self = .service
    } else if name.equals("proctor") {
      self = .proctor
    } else {
      self = []
    }
  }
}
