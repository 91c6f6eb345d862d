import Memory
import Testing

@testable import Host

@Suite struct KeyRingTests {
  private func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = Array(hexadecimal)
    return stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(digits[$0..<$0 + 2]), radix: 16)!
    }
  }

  /// RFC 4231, sections 4.2, 4.3 and 4.7.
  @Test(arguments: [
    (
      "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
      "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
        + "faea9ea9076ede7f4af152e8b2fa9cb6",
      "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
        + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"
    ),
    (
      "4a656665", "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
        + "8e2240ca5e69e2c78b3239ecfab21649",
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
    ),
    (
      String(repeating: "aa", count: 131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
      "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
        + "0c2ef6ab4030fe8296248df163f44952",
      "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
        + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"
    ),
  ])
  func publishedCodes(
    _ sample: (secret: String, text: String, hs256: String, hs384: String, hs512: String)
  ) throws {
    let ring = TestRing()
    let secret = bytes(sample.secret)
    try ring.add(secret: secret)
    let message = Array(sample.text.utf8)
    let codes: [(SignatureAlgorithm, [UInt8])] = [
      (.hs256, bytes(sample.hs256)), (.hs384, bytes(sample.hs384)), (.hs512, bytes(sample.hs512)),
    ]
    for (algorithm, code) in codes {
      #expect(ring.verifies(algorithm, message, code))
      #expect(!ring.verifies(algorithm, message + [0], code))
      #expect(!ring.verifies(algorithm, message, code.dropLast()))
      #expect(!ring.verifies(algorithm, message, code + [0]))
      #expect(!ring.verifies(algorithm, message, []))
      for place in code.indices {
        var wrong = code
        wrong[place] ^= 1
        #expect(!ring.verifies(algorithm, message, wrong))
      }
      for (other, _) in codes where other != algorithm {
        #expect(!ring.verifies(other, message, code))
      }
    }
    let made = hmacSHA256(message.span.raw, secret: secret.span.raw)
    #expect((0..<32).map { made[$0] } == codes[0].1)
  }

  /// Every kind of public key with every algorithm: only its own signatures verify.
  @Test(arguments: [
    (TestKeys.rsa, [SignatureAlgorithm.rs256, .rs384, .rs512, .ps256]),
    (TestKeys.p256, [.es256]), (TestKeys.p384, [.es384]),
  ])
  func aPublicKeyVerifiesItsOwn(pem: String, own: [SignatureAlgorithm]) throws {
    let ring = TestRing()
    try ring.add(pem: pem)
    let message = Array(TestKeys.message.utf8)
    let signatures: [(SignatureAlgorithm, String)] = [
      (.rs256, TestKeys.rs256), (.rs384, TestKeys.rs384), (.rs512, TestKeys.rs512),
      (.ps256, TestKeys.ps256), (.es256, TestKeys.es256), (.es384, TestKeys.es384),
    ]
    for (maker, text) in signatures {
      let signature = base64URL(text)
      for algorithm in SignatureAlgorithm.allCases {
        let verified = ring.verifies(algorithm, message, signature)
        #expect(verified == (algorithm == maker && own.contains(maker)), "\(maker) as \(algorithm)")
      }
      #expect(!ring.verifies(maker, message + [0], signature))
      #expect(!ring.verifies(maker, message, signature.dropLast()))
      #expect(!ring.verifies(maker, message, signature + [0]))
    }
  }

  @Test func theSaltIsAsLongAsTheHash() throws {
    let ring = TestRing()
    try ring.add(pem: TestKeys.rsa)
    #expect(
      !ring.verifies(.ps256, Array(TestKeys.message.utf8), base64URL(TestKeys.shortSalt)))
  }

  /// RFC 8725, section 2.1: the text of the public key is no secret.
  @Test func noCodeIsTakenByAPublicKey() throws {
    let ring = TestRing()
    let pem = Array(TestKeys.rsa.utf8)
    try ring.add(pem: TestKeys.rsa)
    let message = Array(TestKeys.message.utf8)
    let code = hmacSHA256(message.span.raw, secret: pem.span.raw)
    #expect(!ring.verifies(.hs256, message, (0..<32).map { code[$0] }))
  }

  @Test func whatAKeyIsIsKnown() throws {
    let ring = TestRing()
    try ring.add(secret: Array("secret".utf8))
    let all = [TestKeys.rsa, "between the blocks", TestKeys.p256, TestKeys.p384]
    try ring.add(pem: all.joined(separator: "\r\n"))
    let count = ring.ring.count
    #expect(count == 4)
    let kinds = (0..<4).map { ring.ring.kind(of: $0) }
    #expect(kinds == [.secret, .rsa, .p256, .p384])
    let bits = (0..<4).map { ring.ring.bits(of: $0) }
    #expect(bits == [48, 2048, 256, 384])
  }

  @Test func aNumberWithoutAKeyVerifiesNothing() throws {
    let ring = TestRing()
    let message = Array("a".utf8)
    #expect(!ring.verifies(.hs256, message, message))
  }

  @Test func badKeysLeaveTheirPlaceForTheNext() throws {
    let ring = TestRing()
    #expect(ring.refusal(of: []) == .badSecret)
    #expect(ring.refusal(of: [UInt8](repeating: 1, count: 513)) == .badSecret)
    // A coordinate that is not on the curve, and one that is too short.
    let one = [UInt8](repeating: 1, count: 32)
    let off = ring.refusal { r throws(KeyError) in
      try r.add(.p256, x: one.span.raw, y: one.span.raw)
    }
    #expect(off == .unreadable)
    let short = ring.refusal { r throws(KeyError) in
      try r.add(.p384, x: one.span.raw, y: one.span.raw)
    }
    #expect(short == .unreadable)
    // An even modulus, and an exponent of 1.
    let (unit, exponent): ([UInt8], [UInt8]) = ([1], [1, 0, 1])
    var modulus = [UInt8](repeating: 0xFF, count: 256)
    let weak = ring.refusal { r throws(KeyError) in
      try r.add(rsa: modulus.span.raw, e: unit.span.raw)
    }
    #expect(weak == .unsuitable)
    modulus[255] = 0xFE
    let even = ring.refusal { r throws(KeyError) in
      try r.add(rsa: modulus.span.raw, e: exponent.span.raw)
    }
    #expect(even == .unreadable)
    try ring.add(pem: TestKeys.p256)
    #expect(ring.verifies(.es256, Array(TestKeys.message.utf8), base64URL(TestKeys.es256)))
  }

  @Test func moreKeysThanPlacesAreRefused() throws {
    let ring = TestRing()
    for _ in 0..<KeyRing.capacity { try ring.add(secret: [1]) }
    #expect(ring.refusal(of: [1]) == .full)
    let pem = Array(TestKeys.p256.utf8)
    let refused = ring.refusal { r throws(KeyError) in try r.add(pem: pem.span.raw) }
    #expect(refused == .full)
  }
}

/// Another reader of Base64url than the one under test.
func base64URL(_ text: String) -> [UInt8] {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
  var bits: [Bool] = []
  for character in text {
    let value = alphabet.firstIndex(of: character)!
    for place in (0..<6).reversed() { bits.append(value >> place & 1 == 1) }
  }
  return stride(from: 0, to: bits.count / 8 * 8, by: 8).map { start in
    bits[start..<start + 8].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
  }
}
