import Foundation
import Memory
import Testing

@testable import Host

/// The directory of Wycheproof's files, nil when it was not handed in.
private let corpus = ProcessInfo.processInfo.environment["TOKENS_CORPUS"]

/// The verdict on every signature of Wycheproof (Google, C2SP) of a kind that tokens use.
///
/// Each is judged by the key as PEM and by the key's numbers, which have to agree. Keys of less
/// than 2048 bits have to be refused, and signatures whose salt is not as long as the hash as well.
@Suite struct CorpusTests {
  private struct File: Decodable {
    let testGroups: [Group]
  }

  private struct Group: Decodable {
    let type: String
    let sha: String?
    let mgfSha: String?
    let sLen: Int?
    let keySize: Int?
    let publicKey: Numbers?
    let privateKey: Numbers?
    let publicKeyPem: String?
    let keyPem: String?
    let tests: [Vector]
  }

  private struct Numbers: Decodable {
    let modulus: String?
    let publicExponent: String?
    let curve: String?
    let wx: String?
    let wy: String?
  }

  private struct Vector: Decodable {
    let tcId: Int
    let comment: String
    let msg: String
    let sig: String
    let result: String
    let flags: [String]?
  }

  private struct Tally {
    var agreed = 0
    var differed = 0
  }

  @Test(
    .enabled(
      if: corpus != nil,
      "TOKENS_CORPUS names no directory; Tests/Conformance/tokens/run downloads it and sets it"))
  func wycheproof() throws {
    let directory = URL(fileURLWithPath: try #require(corpus))
    let files = try FileManager.default.contentsOfDirectory(
      at: directory, includingPropertiesForKeys: nil)
    var all = Tally()
    var judged = 0
    for file in files.sorted(by: { $0.lastPathComponent < $1.lastPathComponent }) {
      guard let parsed = try? JSONDecoder().decode(File.self, from: Data(contentsOf: file)) else {
        continue
      }
      var tally = Tally()
      for group in parsed.testGroups {
        if let algorithm = algorithm(of: group) {
          try judge(group, algorithm, file.lastPathComponent, &tally)
        }
      }
      guard tally.agreed + tally.differed > 0 else { continue }
      judged += 1
      print("judged \(file.lastPathComponent): \(tally.agreed) agree, \(tally.differed) differ")
      all.agreed += tally.agreed
      all.differed += tally.differed
    }
    print("\(all.agreed) passed, \(all.differed) failed")
    #expect(judged == CorpusTests.files)
    #expect(all.agreed == CorpusTests.vectors)
  }

  /// How many apply: a run that finds fewer proves less.
  static let files = 24
  static let vectors = 4199

  private func algorithm(of group: Group) -> SignatureAlgorithm? {
    switch (group.type, group.sha) {
    case ("RsassaPkcs1Verify", "SHA-256"), ("RsassaPkcs1Generate", "SHA-256"): .rs256
    case ("RsassaPkcs1Verify", "SHA-384"), ("RsassaPkcs1Generate", "SHA-384"): .rs384
    case ("RsassaPkcs1Verify", "SHA-512"), ("RsassaPkcs1Generate", "SHA-512"): .rs512
    case ("RsassaPssVerify", "SHA-256") where group.mgfSha == "SHA-256": .ps256
    case ("EcdsaP1363Verify", "SHA-256") where group.publicKey?.curve == "secp256r1": .es256
    case ("EcdsaP1363Verify", "SHA-384") where group.publicKey?.curve == "secp384r1": .es384
    default: nil
    }
  }

  private func judge(
    _ group: Group, _ algorithm: SignatureAlgorithm, _ file: String, _ tally: inout Tally
  ) throws {
    let byPEM = TestRing()
    let byNumbers = TestRing()
    let pem = Array(try #require(group.publicKeyPem ?? group.keyPem).utf8)
    let numbers = try #require(group.publicKey ?? group.privateKey)
    let refusals = [
      byPEM.refusal { r throws(KeyError) in try r.add(pem: pem.span.raw) },
      byNumbers.refusal { r throws(KeyError) in try add(numbers, to: &r) },
    ]
    let isWeak = group.keySize.map { $0 < 2048 } ?? false
    try #require(refusals == (isWeak ? [.tooShort, .tooShort] : [nil, nil]), "\(file)")
    for vector in group.tests {
      let (signed, signature) = (bytes(vector.msg), bytes(vector.sig))
      let isTaken = byPEM.verifies(algorithm, signed, signature)
      let isTakenToo = byNumbers.verifies(algorithm, signed, signature)
      let expected = !isWeak && isGood(vector, group)
      let agrees = isTaken == expected && isTakenToo == expected
      #expect(agrees, "\(file) \(vector.tcId): \(vector.result), \(vector.comment)")
      if agrees { tally.agreed += 1 } else { tally.differed += 1 }
    }
  }

  private func isGood(_ vector: Vector, _ group: Group) -> Bool {
    // RFC 7518, section 3.5: the salt is as long as the hash. A signature that Wycheproof spoilt by
    // giving it a salt of 32 bytes is what PS256 asks for.
    if let salt = group.sLen, salt != 32 { return vector.comment == "s_len changed to 32" }
    // "acceptable" is left to us by Wycheproof:
    // - MissingNull, a DigestInfo without its NULL: RFC 8017, section 9.2 writes it, and there is
    //   one encoding that a signature is compared with.
    // - SmallPublicKey, signatures whose number starts with zeros or is close to the modulus: well
    //   made by RFC 8017, section 8.2, when the key is long enough.
    if vector.result == "acceptable" { return vector.flags?.contains("SmallPublicKey") ?? false }
    return vector.result == "valid"
  }

  private func add(_ numbers: Numbers, to ring: inout KeyRing) throws(KeyError) {
    if let modulus = numbers.modulus, let exponent = numbers.publicExponent {
      let (n, e) = (bytes(modulus), bytes(exponent))
      return try ring.add(rsa: n.span.raw, e: e.span.raw)
    }
    let is256 = numbers.curve == "secp256r1"
    let size = is256 ? 32 : 48
    let (x, y) = (padded(numbers.wx ?? "", size), padded(numbers.wy ?? "", size))
    try ring.add(is256 ? .p256 : .p384, x: x.span.raw, y: y.span.raw)
  }

  /// As many bytes as the curve has, of a number that may have more zeros in front, or fewer.
  private func padded(_ text: String, _ size: Int) -> [UInt8] {
    let number = bytes(text).drop { $0 == 0 }
    return [UInt8](repeating: 0, count: size - number.count) + number
  }

  private func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = Array(hexadecimal.utf8)
    return stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)!
    }
  }
}
