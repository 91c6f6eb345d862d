import Testing

@testable import Tokens

@Suite struct AlgorithmTests {
  @Test func noTwoKindsOfKeyShareAnAlgorithm() {
    let kinds: [AlgorithmSet] = [.hmac, .rsa, AlgorithmSet(.es256), AlgorithmSet(.es384)]
    for algorithm in Algorithm.allCases {
      #expect(kinds.filter { $0.contains(algorithm) }.count == 1, "\(algorithm)")
    }
  }

  @Test func theNamesAreThoseOfRFC7518() {
    #expect(
      Algorithm.allCases.map { "\($0.name)" } == [
        "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384",
      ])
  }
}
