import Host
import Memory
import Testing

@testable import Tokens

@Suite struct TokenTests {
  private let good = #"{"sub":"ada","exp":1800000060}"#

  /// RFC 7515, appendix A.1 to A.3. The claims name no user, which is seen behind the signature.
  private let published =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

  private func decoded(_ text: String) -> [UInt8] {
    Base64URL.decoded(Array(text.utf8).span.raw) ?? []
  }

  /// The token verifies, and does not when a character of its claims or its signature is another.
  private func expectSigned(_ checker: Checker, _ header: String, _ signature: String) {
    let token = header + "." + published + "." + signature
    #expect(checker.check(token).error == .noSubject)
    let other = header + "." + published.replacing("LA0", with: "LA1") + "." + signature
    #expect(checker.check(other).error == .badSignature)
    let first = signature.first == "A" ? "B" : "A"
    let forged = header + "." + published + "." + first + signature.dropFirst()
    #expect(checker.check(forged).error == .badSignature)
  }

  @Test func publishedHMAC() {
    let secret = decoded(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
    var checker = Checker()
    checker.add = { ring throws(KeyError) in try ring.add(secret: secret.span.raw) }
    expectSigned(
      checker, "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9",
      "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
  }

  @Test func publishedRSA() {
    let modulus = decoded(
      "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4"
        + "d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5"
        + "z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJ"
        + "H7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ")
    let exponent: [UInt8] = [1, 0, 1]
    var checker = Checker()
    checker.keys = [("", .rsa)]
    checker.add = { ring throws(KeyError) in
      try ring.add(rsa: modulus.span.raw, e: exponent.span.raw)
    }
    expectSigned(
      checker, "eyJhbGciOiJSUzI1NiJ9",
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
        + "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQB"
        + "MHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6I"
        + "eYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw")
  }

  @Test func publishedECDSA() {
    let x = decoded("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
    let y = decoded("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")
    var checker = Checker()
    checker.keys = [("", AlgorithmSet(.es256))]
    checker.add = { ring throws(KeyError) in try ring.add(.p256, x: x.span.raw, y: y.span.raw) }
    expectSigned(
      checker, "eyJhbGciOiJFUzI1NiJ9",
      "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
  }

  @Test func aGoodTokenGivesItsClaims() {
    let verdict = Checker().check(Issuer.token(good))
    #expect(verdict.subject == "ada" && verdict.name == "ada")
    #expect(verdict.claims?.expires == 1_800_000_060 && verdict.claims?.roles == [])
  }

  /// RFC 8725, section 2.1: whoever knows the public key could sign with its text.
  @Test func thePublicKeysTextIsNoSecret() {
    let text = Array("-----BEGIN PUBLIC KEY-----".utf8)
    var checker = Checker()
    checker.keys = [("", .rsa)]
    let verdict = checker.check(Issuer.token(good, secret: text))
    #expect(verdict.error == .noKey && verdict.tried == [])
  }

  @Test(arguments: ["none", "None", "NONE", "hs256", "HS1", "RS1", "ES512", "EdDSA", "dir", ""])
  func otherAlgorithmsAreRefused(name: String) {
    let signed = Issuer.token(good, header: #"{"alg":"\#(name)"}"#)
    #expect(Checker().check(signed).error == .unknownAlgorithm)
    let unsigned = Issuer.encoded(#"{"alg":"\#(name)"}"#) + "." + Issuer.encoded(good) + "."
    #expect(Checker().check(unsigned).error == .unknownAlgorithm)
  }

  @Test func anEmptySignatureIsNone() {
    let token = Issuer.token(good)
    let unsigned = String(token.prefix(through: token.lastIndex(of: ".")!))
    #expect(Checker().check(unsigned).error == .badSignature)
  }

  @Test func whatHasAnotherFormIsRefused() {
    let token = Issuer.token(good)
    let parts = token.split(separator: ".")
    for text in [
      "", ".", "..", "...", "a", "a.b", String(parts[0]), "\(parts[0]).\(parts[1])",
      token + ".", "." + token, token + "=", token + " ", " " + token, token + "\n",
      "=" + token, "\(parts[0])=.\(parts[1]).\(parts[2])", token.replacing(".", with: ". "),
      "\"\(token)\"",
    ] {
      #expect(Checker().check(text).error == .malformed, "\(text)")
    }
    // Claims that are no Base64url are no text that the issuer signed.
    #expect(
      Checker().check("\(parts[0]).\(parts[1])=.\(parts[2])").error == .badSignature)
  }

  @Test func anEncryptedTokenIsToldSo() {
    #expect(Checker().check("a.b.c.d.e").error == .encrypted)
    #expect(Checker().check("....").error == .encrypted)
  }

  @Test func aTokenIsAtMost8KiB() {
    func padded(_ count: Int) -> String {
      Issuer.token(
        #"{"sub":"ada","exp":1800000060,"x":"\#(String(repeating: "x", count: count))"}"#)
    }
    var count = 6000
    while padded(count + 1).utf8.count <= Token.maximumSize { count += 1 }
    #expect(Checker().check(padded(count)).subject == "ada")
    #expect(Checker().check(padded(count + 3)).error == .malformed)
    #expect(Checker().check(String(repeating: "A", count: 1 << 20)).error == .malformed)
  }

  @Test(arguments: [
    "", "1", "[]", "{", #"{"alg":"HS256""#, #"{"alg":"HS256"}}"#, #"{"alg":1}"#, #"{"alg":null}"#,
    #"{"alg":"HS256","alg":"HS256"}"#, #"{"alg":"none","alg":"HS256"}"#,
    #"{"alg":"HS256","kid":1}"#, #"{"alg":"HS256","kid":"a","kid":"a"}"#, "{\"alg\":\"HS256\"}\0",
    #"{"alg":"HS256","x":"# + String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
      + "}",
  ])
  func badHeadersAreRefused(header: String) {
    #expect(Checker().check(Issuer.token(good, header: header)).error == .malformed)
  }

  @Test func whatIsCriticalIsNotIgnored() {
    for value in [#"["exp"]"#, "[]", "null", #"["b64"]"#] {
      let token = Issuer.token(good, header: #"{"alg":"HS256","crit":\#(value),"b64":false}"#)
      #expect(Checker().check(token).error == .criticalHeader, "\(value)")
    }
  }

  /// RFC 7515, section 4.1: keys that come with the token count for nothing.
  @Test func keysInTheHeaderAreNotLookedAt() {
    let header = """
      {"typ":"at+jwt","jku":"http://127.0.0.1/","x5u":"http://127.0.0.1/","x5c":["MII"],\
      "jwk":{"kty":"oct","k":"YQ"},"alg":"HS256"}
      """
    #expect(Checker().check(Issuer.token(good, header: header)).subject == "ada")
    let forged = Issuer.token(good, header: header, secret: Array("a".utf8))
    #expect(Checker().check(forged).error == .badSignature)
  }

  @Test func keysAreTriedByNameAndAlgorithm() {
    let other: [UInt8] = [1]
    var checker = Checker()
    checker.keys = [
      ("b", .hmac), ("", .rsa), ("a", .hmac), ("", .hmac), ("a", AlgorithmSet(.hs512)),
    ]
    checker.add = { ring throws(KeyError) in
      for _ in 0..<5 { try ring.add(secret: other.span.raw) }
    }
    func tried(_ header: String) -> [Int] {
      checker.check(Issuer.token(good, header: header)).tried
    }
    #expect(tried(#"{"alg":"HS256"}"#) == [0, 2, 3])
    #expect(tried(#"{"alg":"HS256","kid":"a"}"#) == [2, 3])
    #expect(tried(#"{"alg":"HS512","kid":"a"}"#) == [2, 3, 4])
    #expect(tried(#"{"alg":"HS256","kid":"c"}"#) == [3])
    #expect(tried(#"{"alg":"HS256","kid":"\u0061"}"#) == [2, 3])
    #expect(tried(#"{"alg":"RS256","kid":"b"}"#) == [1])
    #expect(tried(#"{"alg":"ES256"}"#) == [])
    let long = String(repeating: "a", count: 65)
    #expect(tried(#"{"alg":"HS256","kid":"\#(long)"}"#) == [3])
  }

  @Test func aKeyOfAnotherNameDoesNotCount() {
    var checker = Checker()
    checker.keys = [("mine", .hmac)]
    let header = #"{"alg":"HS256","kid":"yours"}"#
    #expect(checker.check(Issuer.token(good, header: header)).error == .noKey)
    #expect(checker.check(Issuer.token(good)).subject == "ada")
  }

  @Test func nothingOfTheTokenStaysInTheScratchBuffer() throws {
    let token = Array(Issuer.token(good).utf8)
    var keys = KeySet()
    _ = keys.add(algorithms: .hmac)
    var scratch = ByteWriter(capacity: Token.scratchSize)
    _ = try Token.check(
      token.span.raw, keys: keys, rules: TokenRules(), now: Issuer.now, scratch: &scratch
    ) { _, _, _, _ in true }
    let count = scratch.count
    #expect(count == 0)
  }
}
