/// Why a connection ends (RFC 6455, section 7.4; 4000 to 4999 are private to an application).
///
/// A struct, because a peer may send any registered number.
public struct CloseCode: Equatable, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let normal = CloseCode(rawValue: 1000)
  /// The server shuts down, or the client was silent for too long: come again.
  public static let goingAway = CloseCode(rawValue: 1001)
  public static let protocolError = CloseCode(rawValue: 1002)
  /// A kind of data that this endpoint does not take.
  public static let unsupportedData = CloseCode(rawValue: 1003)
  public static let invalidPayload = CloseCode(rawValue: 1007)
  public static let policyViolation = CloseCode(rawValue: 1008)
  public static let messageTooBig = CloseCode(rawValue: 1009)
  public static let internalError = CloseCode(rawValue: 1011)
  /// The peer takes its messages too slowly (registered with IANA as "try again later").
  public static let tryAgainLater = CloseCode(rawValue: 1013)
  /// The token with which the peer came in has run out.
  public static let tokenExpired = CloseCode(rawValue: 4401)
  /// An admin has ended the connection.
  public static let disconnected = CloseCode(rawValue: 4409)

  /// What is said with a code of ours, for people; what a program goes by is the number.
  public var reason: StaticString {
    switch rawValue {
    case 1001: "come again"
    case 1002: "protocol error"
    case 1003: "no such data is taken here"
    case 1007: "not the data that it says it is"
    case 1008: "too fast, or a message too slow"
    case 1009: "message too big"
    case 1011: "internal error"
    case 1013: "too slow: come again"
    case 4401: "token expired"
    case 4409: "disconnected by an admin"
    default: ""
    }
  }

  /// Whether a peer may send this number: what RFC 6455, section 7.4 and the IANA registry give
  /// out, without 1005, 1006 and 1015, which never travel.
  public var mayBeReceived: Bool {
    switch rawValue {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}

extension CloseCode {
  /// The one place where a violation becomes what the peer is told.
  public init(_ violation: ProtocolViolation) {
    switch violation {
    case .reservedBits, .unknownOpcode, .fragmentedControl, .oversizedControl, .unmasked,
      .nonMinimalLength, .lengthOutOfRange, .unexpectedContinuation, .expectedContinuation,
      .closePayload:
      self = .protocolError
    // RFC 6455, section 7.4.1: 1007 is for data that are not consistent with what they are called.
    case .invalidUTF8, .corruptMessage: self = .invalidPayload
    case .messageTooBig: self = .messageTooBig
    }
  }
}
