public import Tokens

extension Configuration {
  /// What is asked of every token.
  public func tokenRules() -> TokenRules {
    TokenRules(
      issuer: text(.jwtIssuer), audience: text(.jwtAudience),
      leeway: milliseconds(.jwtLeeway) / 1000, requiresExpiry: flag(.jwtRequireExpiry),
      allowsUnsetClock: flag(.jwtAllowUnsetClock))
  }

  /// When the board's clock is believed.
  public func clockRules() -> ClockRules {
    ClockRules(
      floor: UInt64(self[.jwtClockFloor]) * 86_400_000,
      needsSynchronization: choice(.jwtClock) == 1)
  }
}
