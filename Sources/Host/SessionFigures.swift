/// How many TLS sessions there may be, and how much of a turn their handshakes may take.
public struct SecureLimits {
  /// Connections with TLS at once.
  public let connections: Int
  /// Handshakes at once; others wait for one of them to end.
  public let handshakes: Int
  /// Handshakes that work with a private key in one turn.
  public let handshakesPerTurn: Int
  /// Seconds for which a session may be resumed; 0 for none.
  public let ticketLifetime: UInt32
  /// Milliseconds for which a connection that is closed stays for a peer that still reads.
  public let writeWait: UInt64

  public init(
    connections: Int, handshakes: Int, handshakesPerTurn: Int, ticketLifetime: UInt32,
    writeWait: UInt64
  ) {
    self.connections = connections
    self.handshakes = handshakes
    self.handshakesPerTurn = handshakesPerTurn
    self.ticketLifetime = ticketLifetime
    self.writeWait = writeWait
  }
}

/// Why a handshake came to nothing.
public enum HandshakeFailure: UInt8, CaseIterable, Sendable {
  /// The connection ended.
  case left
  /// What came is no handshake.
  case notTLS
  /// No version, suite or curve that both take.
  case nothingShared
  /// The peer sent an alert: it does not know our certificate, for one.
  case refused
  /// The client's certificate is missing or not good.
  case clientCertificate
  /// It did not go on.
  case stalled
  case other
}

/// What TLS has done since the start.
public struct SessionFigures {
  /// Connections past their handshake, now.
  public internal(set) var connections = 0
  public internal(set) var handshakes: UInt64 = 0
  /// Those that took a ticket instead of a key exchange with the certificate.
  public internal(set) var resumed: UInt64 = 0
  /// By the raw value of `HandshakeFailure`.
  public internal(set) var failures = InlineArray<7, UInt64>(repeating: 0)
  /// When the certificate ends, Unix seconds; nil without TLS.
  public internal(set) var expiry: Int64?
}
