import Testing
import Tokens

@testable import Gateway

@Suite struct TokenRulesConfigurationTests {
  @Test func theRulesAreThoseOfTheSettings() throws {
    let rules = TokenRules(
      try configured(
        "JWT_ISSUER=me", "JWT_AUDIENCE=here", "JWT_LEEWAY=90s", "JWT_REQUIRE_EXP=false",
        "JWT_ALLOW_UNSET_CLOCK=true"))
    #expect(rules.issuer == Array("me".utf8) && rules.audience == Array("here".utf8))
    #expect(rules.leeway == 90 && !rules.requiresExpiry && rules.allowsUnsetClock)
  }

  @Test func theDefaultsAreStrict() throws {
    let configuration = try configured()
    let rules = TokenRules(configuration)
    #expect(rules.issuer.isEmpty && rules.audience.isEmpty)
    #expect(rules.leeway == 30 && rules.requiresExpiry && !rules.allowsUnsetClock)
    #expect(configuration.seconds(.jwtClockFloor) >= 1_795_219_200)
    #expect(try configured("JWT_CLOCK_FLOOR=2001-09-09").seconds(.jwtClockFloor) == 999_993_600)
  }
}
