import Testing

@testable import Tokens

@Suite struct ClaimsReaderTests {
  private func check(
    _ claims: String, _ rules: TokenRules = TokenRules(requiresExpiry: false),
    now: Int64? = Issuer.now
  ) -> Verdict {
    var checker = Checker()
    checker.rules = rules
    checker.now = now
    return checker.check(Issuer.token(claims))
  }

  @Test(arguments: [
    (#"{"sub":"ada"}"#, "ada"), (#"{"sub":42}"#, "42"), (#"{"sub":0}"#, "0"),
    (#"{"user_id":"ada"}"#, "ada"), (#"{"user_id":7,"x":[{"sub":"b"}]}"#, "7"),
    (#"{"user_id":"b","sub":"ada"}"#, "ada"), (#"{"sub":null,"user_id":"b"}"#, "b"),
    (#"{"sub":"\u0061d\u00e4"}"#, "adä"), (#"{"sub":"a b@c"}"#, "a b@c"),
    (#"{"sub":18446744073709551616}"#, "18446744073709551616"),
  ])
  func whoItIs(claims: String, subject: String) { #expect(check(claims).subject == subject) }

  @Test func theLongestIdHas64Bytes() {
    let id = String(repeating: "ä", count: 32)
    #expect(check(#"{"sub":"\#(id)"}"#).subject == id)
    #expect(check(#"{"sub":"\#(id)a"}"#).error == .noSubject)
    #expect(check(#"{"sub":"\#(id)\u0061"}"#).error == .noSubject)
  }

  @Test(arguments: [
    "{}", #"{"sub":""}"#, #"{"sub":null}"#, #"{"sub":true}"#, #"{"sub":["ada"]}"#,
    #"{"sub":{"sub":"ada"}}"#, #"{"sub":"a/b"}"#, #"{"sub":"a\u002fb"}"#, #"{"sub":"a\/b"}"#,
    #"{"sub":"a\n"}"#, #"{"sub":"\u0000"}"#, #"{"sub":"\u007f"}"#, #"{"sub":"\u0085"}"#,
    #"{"sub":-1}"#, #"{"sub":1.5}"#, #"{"sub":1e3}"#, #"{"sub":"","user_id":"ada"}"#,
    #"{"Sub":"ada"}"#, #"{"user_id":false}"#,
  ])
  func whoIsNobody(claims: String) { #expect(check(claims).error == .noSubject) }

  @Test(arguments: [
    (#""name":"N","preferred_username":"P","username":"U""#, "U"),
    (#""name":"N","preferred_username":"P""#, "P"), (#""name":"N""#, "N"), (#""x":1"#, "ada"),
    (#""username":"","name":"N""#, "N"), (#""username":7,"name":"N""#, "N"),
    (#""username":"a\tb","name":"N""#, "N"), (#""name":"\u009f""#, "ada"),
    (#""name":"Ada / Lovelace""#, "Ada / Lovelace"),
  ])
  func theNameToShow(member: String, name: String) {
    #expect(check(#"{"sub":"ada",\#(member)}"#).name == name)
  }

  @Test func aLongNameIsCutBetweenCharacters() {
    let text = String(repeating: "a", count: 63) + "ä"
    #expect(check(#"{"sub":"b","name":"\#(text)"}"#).name == String(text.dropLast()))
    #expect(
      check(#"{"sub":"b","name":"\#(text.dropLast())\u00e4"}"#).name == String(text.dropLast()))
  }

  static let roles: [(String, Roles)] = [
    (#""role":"admin""#, .admin), (#""role":"service""#, .service),
    (#""role":"proctor""#, .proctor), (#""roles":["proctor","x",1,"admin"]"#, [.admin, .proctor]),
    (#""is_admin":true"#, .admin), (#""is_admin":false"#, []), (#""is_admin":"true""#, []),
    (#""is_admin":1"#, []), (#""role":"Admin""#, []), (#""role":["admin"]"#, []),
    (#""roles":"admin""#, []), (#""roles":[["admin"]]"#, []), (#""roles":{"admin":true}"#, []),
    (#""role":"service","roles":["proctor"],"is_admin":true"#, [.admin, .service, .proctor]),
    (#""role":"adm\u0069n""#, .admin), (#""role":"administrator""#, []),
  ]

  @Test(arguments: roles)
  func whatTheyMayDo(member: String, roles: Roles) {
    #expect(check(#"{"sub":"ada",\#(member)}"#).claims?.roles == roles)
  }

  /// With 30 seconds of leeway a token is good while now < exp + 30.
  static let ends: [(String, TokenError?)] = [
    ("1800000001", nil), ("1799999971", nil), ("1799999970", .expired),
    ("1799999970.9", .expired), ("1799999971.9", nil), ("1e300", nil), ("-1e300", .expired),
    ("0", .expired), ("1.8e9", nil),
    ("1e999", .malformedClaims), (#""1800000001""#, .malformedClaims), ("null", .malformedClaims),
  ]

  @Test(arguments: ends)
  func whenItEnds(exp: String, error: TokenError?) {
    #expect(check(#"{"sub":"ada","exp":\#(exp)}"#).error == error)
  }

  static let begins: [(String, TokenError?)] = [
    ("1800000030", nil), ("1800000031", .notYetValid), ("1800000029.1", nil),
    ("1800000030.1", .notYetValid), ("0", nil), ("1e300", .notYetValid),
    (#""0""#, .malformedClaims),
  ]

  @Test(arguments: begins)
  func whenItBegins(nbf: String, error: TokenError?) {
    #expect(check(#"{"sub":"ada","nbf":\#(nbf)}"#).error == error)
  }

  @Test func theEndIsRoundedDown() {
    #expect(check(#"{"sub":"ada","exp":1800000001.9}"#).claims?.expires == 1_800_000_001)
    #expect(check(#"{"sub":"ada"}"#).claims?.expires == nil)
  }

  @Test func withoutLeewayTheSecondCounts() {
    let rules = TokenRules(leeway: 0)
    #expect(check(#"{"sub":"ada","exp":1800000001}"#, rules).subject == "ada")
    #expect(check(#"{"sub":"ada","exp":1800000000}"#, rules).error == .expired)
    #expect(check(#"{"sub":"ada"}"#, rules).error == .noExpiry)
  }

  @Test func anUnsetClockJudgesNoTimes() {
    var rules = TokenRules(requiresExpiry: false)
    #expect(check(#"{"sub":"ada"}"#, rules, now: nil).subject == "ada")
    #expect(check(#"{"sub":"ada","exp":0}"#, rules, now: nil).error == .clockUnset)
    #expect(check(#"{"sub":"ada","nbf":0}"#, rules, now: nil).error == .clockUnset)
    #expect(check(#"{"exp":0}"#, rules, now: nil).error == .noSubject)
    rules.allowsUnsetClock = true
    #expect(check(#"{"sub":"ada","exp":5}"#, rules, now: nil).claims?.expires == 5)
    // A clock that is set counts all the same.
    #expect(check(#"{"sub":"ada","exp":0}"#, rules).error == .expired)
  }

  @Test func whoMadeIt() {
    let rules = TokenRules(issuer: Array("me".utf8), requiresExpiry: false)
    #expect(check(#"{"sub":"ada","iss":"me"}"#, rules).subject == "ada")
    for claims in [
      #"{"sub":"ada"}"#, #"{"sub":"ada","iss":"you"}"#, #"{"sub":"ada","iss":"me "}"#,
      #"{"sub":"ada","iss":["me"]}"#, #"{"sub":"ada","iss":"ME"}"#, #"{"sub":"ada","iss":null}"#,
    ] {
      #expect(check(claims, rules).error == .wrongIssuer, "\(claims)")
    }
    #expect(check(#"{"sub":"ada","iss":"anybody"}"#).subject == "ada")
  }

  @Test func whomItIsFor() {
    let rules = TokenRules(audience: Array("here".utf8), requiresExpiry: false)
    for aud in [#""here""#, #"["here"]"#, #"["there","here",1]"#, #""\u0068ere""#] {
      #expect(check(#"{"sub":"ada","aud":\#(aud)}"#, rules).subject == "ada", "\(aud)")
      // Who has no name is not meant.
      #expect(check(#"{"sub":"ada","aud":\#(aud)}"#).error == .wrongAudience, "\(aud)")
    }
    for aud in [#""there""#, "[]", "null", "1", #"[["here"]]"#, #"{"here":1}"#, #""""#] {
      #expect(check(#"{"sub":"ada","aud":\#(aud)}"#, rules).error == .wrongAudience, "\(aud)")
      #expect(check(#"{"sub":"ada","aud":\#(aud)}"#).error == .wrongAudience, "\(aud)")
    }
    #expect(check(#"{"sub":"ada"}"#, rules).error == .wrongAudience)
  }

  @Test(arguments: [
    "", "[]", "1", #""ada""#, #"{"sub":"ada""#, #"{"sub":"ada"}x"#, #"{"sub":"ada",}"#,
    #"{"sub":"ada","sub":"ada"}"#, #"{"sub":"ada","s\u0075b":"bob"}"#,
    #"{"sub":"ada","exp":1,"exp":1900000000}"#, #"{"sub":"ada","role":"x","role":"admin"}"#,
    #"{"sub":"\ud800"}"#,
    #"{"sub":"ada","x":"# + String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
      + "}",
  ])
  func whatCannotBeRead(claims: String) { #expect(check(claims).error == .malformedClaims) }

  @Test func whatIsNotReadMayStandTwice() {
    #expect(check(#"{"x":1,"x":2,"sub":"ada"}"#).subject == "ada")
  }
}
