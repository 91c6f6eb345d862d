/// What a client offers for permessage-deflate, or what is agreed on (RFC 7692, section 7.1).
public struct DeflateParameters: Equatable, Sendable {
  /// Whether the server, and the client, compress each message without those before.
  public var serverForgets = false
  public var clientForgets = false
  /// How far back the server looks at most, a logarithm: 9 to 15, nil when nothing is said of it.
  public var serverWindowBits: Int?
  /// The same of the client. One that says nothing of it cannot be told to look less far.
  public var clientWindowBits: Int?

  public init() {}

  /// What both sides look back at most when nothing is said of it.
  public static let windowBitsMaximum = 15
}
