/// What is asked of a token beside a good signature.
public struct TokenRules: Sendable {
  /// What `iss` has to be; empty when anything will do.
  public var issuer: [UInt8]
  /// What `aud` has to name; empty when no token may have an `aud` at all.
  public var audience: [UInt8]
  /// Seconds by which clocks may differ.
  public var leeway: Int64
  /// Whether a token has to expire.
  public var requiresExpiry: Bool
  /// Whether times are let pass while the board does not know the time.
  public var allowsUnsetClock: Bool

  public init(
    issuer: [UInt8] = [], audience: [UInt8] = [], leeway: Int64 = 30, requiresExpiry: Bool = true,
    allowsUnsetClock: Bool = false
  ) {
    self.issuer = issuer
    self.audience = audience
    self.leeway = leeway
    self.requiresExpiry = requiresExpiry
    self.allowsUnsetClock = allowsUnsetClock
  }
}
