import Memory
import Testing

@testable import Tokens

@Suite struct WebKeySetTests {
  private func read(_ text: String) -> (set: WebKeySet?, error: WebKeySetError?) {
    let bytes = Array(text.utf8)
    do throws(WebKeySetError) {
      return (try WebKeySet(bytes.span.raw), nil)
    } catch {
      return (nil, error)
    }
  }

  private func keys(_ keys: String...) -> WebKeySet? {
    read(#"{"keys":[\#(keys.joined(separator: ","))]}"#).set
  }

  private let point =
    #""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","#
    + #""y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#

  @Test func everyKindOfKey() throws {
    let zeros = String(repeating: "A", count: 64)
    let set = try #require(
      keys(
        #"{"kty":"oct","k":"Zm9v"}"#, #"{"kty":"RSA","n":"AQAB","e":"Aw","kid":"r"}"#,
        "{\(point)}", #"{"kty":"EC","crv":"P-384","x":"\#(zeros)","y":"\#(zeros)"}"#))
    #expect(set.skipped == 0)
    #expect(set.keys.count == 4)
    #expect(set.keys[0].material == .secret(Array("foo".utf8)))
    #expect(set.keys[1].material == .rsa(n: [1, 0, 1], e: [3]))
    #expect(set.keys.map { $0.kid.string } == ["", "r", "", ""])
    #expect(
      set.keys.map { $0.algorithms } == [
        .hmac, .rsa, AlgorithmSet(.es256), AlgorithmSet(.es384),
      ])
  }

  @Test func theAlgNarrowsAKey() {
    let set = keys(
      #"{"kty":"oct","k":"Zm9v","alg":"HS512"}"#,
      #"{"kty":"RSA","n":"AQAB","e":"Aw","alg":"PS256"}"#)
    #expect(set?.keys.map { $0.algorithms } == [AlgorithmSet(.hs512), AlgorithmSet(.ps256)])
  }

  @Test func whatChecksNoSignatureIsPassedOver() {
    for key in [
      "{\(point),\"use\":\"enc\"}", #"{\#(point),"key_ops":["encrypt"]}"#,
      #"{\#(point),"key_ops":[]}"#, #"{\#(point),"alg":"ECDH-ES"}"#, #"{\#(point),"alg":"RS256"}"#,
      #"{\#(point),"alg":"none"}"#, #"{\#(point),"alg":"HS256"}"#,
      #"{\#(point),"use":"enc","key_ops":["verify"]}"#,
      #"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#, #"{"kty":"oct"}"#, #"{"kty":"oct","k":"Zm9v="}"#,
      #"{"kty":"RSA","n":"AQAB"}"#, #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#,
      #"{"kty":"EC","crv":"P-521","x":"AA","y":"AA"}"#, "{}", #"{"k":"Zm9v"}"#,
      #"{\#(point),"kid":"\#(String(repeating: "k", count: 65))"}"#,
    ] {
      let set = keys(key)
      #expect(set?.keys.count == 0 && set?.skipped == 1, "\(key)")
    }
    for key in [
      "{\(point)}", "{\(point),\"use\":\"sig\"}", #"{\#(point),"key_ops":["sign","verify"]}"#,
      #"{\#(point),"alg":"ES256","d":"private","x5c":["AA"],"kid":"a"}"#,
    ] {
      #expect(keys(key)?.keys.count == 1, "\(key)")
    }
  }

  @Test func whatIsNoSetIsRefused() {
    #expect(read("").error == .notJSON(at: 0))
    #expect(read("[]").error == .notJSON(at: 0))
    #expect(read(#"{"keys":[]"#).error == .notJSON(at: 10))
    #expect(read(#"{"keys":[]}x"#).error == .notJSON(at: 11))
    #expect(read("{}").error == .noKeys)
    #expect(read(#"{"keys":{}}"#).error == .noKeys)
    #expect(read(#"{"kty":"oct","k":"Zm9v"}"#).error == .noKeys)
    #expect(read(#"{"keys":[1]}"#).error == .keyIsNoObject)
    #expect(read(#"{"keys":[]}"#).set?.keys.isEmpty == true)
    let many = [String](repeating: "{}", count: 65).joined(separator: ",")
    #expect(read(#"{"keys":[\#(many)]}"#).error == .tooManyKeys)
  }
}
