import Host
import Memory
import Testing

@testable import Tokens

@Suite struct NewTokenTests {
  private func signed(_ new: NewToken) -> String? {
    guard let input = new.signingInput() else { return nil }
    let secret = Issuer.secret
    let code = hmacSHA256(input.span.raw, secret: secret.span.raw)
    let text = input + [UInt8(ascii: ".")] + Base64URL.encoded(code.span.raw)
    return String(decoding: text, as: UTF8.self)
  }

  @Test func whatIsMadeIsTaken() throws {
    var new = NewToken(
      subject: Array("a\"b".utf8), issued: Issuer.now, expires: Issuer.now + 60)
    new.name = Array("Ada \\ L".utf8)
    new.role = Array("proctor".utf8)
    new.issuer = Array("me".utf8)
    new.audience = Array("here".utf8)
    var checker = Checker()
    checker.rules = TokenRules(issuer: new.issuer, audience: new.audience)
    let verdict = checker.check(try #require(signed(new)))
    #expect(verdict.subject == "a\"b" && verdict.name == "Ada \\ L")
    #expect(verdict.claims?.roles == .proctor && verdict.claims?.expires == Issuer.now + 60)
  }

  @Test func emptyTextsAreLeftOut() throws {
    let new = NewToken(subject: Array("ada".utf8), issued: 1, expires: 2)
    let text = String(decoding: try #require(new.signingInput()), as: UTF8.self)
    let part = Array(text.split(separator: ".")[1].utf8)
    let claims = String(decoding: Base64URL.decoded(part.span.raw) ?? [], as: UTF8.self)
    #expect(claims == #"{"sub":"ada","iat":1,"exp":2}"#)
  }

  @Test func textsThatAreTooLongAreRefused() {
    var new = NewToken(subject: Array("ada".utf8), issued: 1, expires: 2)
    new.name = [UInt8](repeating: 0x61, count: NewToken.textMaximum - 3)
    #expect(new.signingInput() != nil)
    new.name.append(0x61)
    #expect(new.signingInput() == nil)
    // Escapes make it longer than a token may be.
    new.name = [UInt8](repeating: 1, count: NewToken.textMaximum - 3)
    #expect(new.signingInput() == nil)
  }
}
