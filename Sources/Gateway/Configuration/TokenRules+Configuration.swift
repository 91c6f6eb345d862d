public import Tokens

extension TokenRules {
  public init(_ configuration: Configuration) {
    self.init(
      issuer: configuration.text(.jwtIssuer), audience: configuration.text(.jwtAudience),
      leeway: configuration.milliseconds(.jwtLeeway) / 1000,
      requiresExpiry: configuration.flag(.jwtRequireExpiry),
      allowsUnsetClock: configuration.flag(.jwtAllowUnsetClock))
  }
}
