import Memory
import Testing

@testable import Host

@Suite struct NewCertificateTests {
  private func make(
    _ names: [String], from: Int64 = 1_600_000_000, until: Int64? = 1_700_000_000
  ) throws -> NewCertificate {
    var random = try Random()
    return try NewCertificate(
      names: names.map { try SubjectName(Array($0.utf8)) }, from: from, until: until,
      random: &random)
  }

  /// What stands between the lines of a PEM block.
  private func der(_ pem: [UInt8], _ kind: String) throws -> [UInt8] {
    let lines = pem.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    try #require(lines.first == "-----BEGIN \(kind)-----")
    try #require(lines.last == "-----END \(kind)-----")
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var (bytes, bits, count): ([UInt8], Int, Int) = ([], 0, 0)
    for character in lines.dropFirst().dropLast().joined().utf8 where character != 0x3D {
      bits = bits << 6 | (try #require(alphabet.firstIndex(of: character)))
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(bits >> count & 0xFF))
      }
    }
    return bytes
  }

  @Test func bothAreOneBlock() throws {
    let made = try make(["gateway.local"])
    #expect(try der(made.key, "EC PRIVATE KEY").first == 0x30)
    #expect(try der(made.certificate, "CERTIFICATE").first == 0x30)
    #expect(made.key.last == 0x0A && made.certificate.last == 0x0A)
  }

  @Test func theFingerprintIsOfTheCertificate() throws {
    let made = try make(["gateway.local"])
    let bytes = try der(made.certificate, "CERTIFICATE")
    let digest = sha256(bytes.span.raw)
    for place in 0..<32 { #expect(made.fingerprint[place] == digest[place]) }
  }

  @Test func noTwoAreTheSame() throws {
    let (first, second) = (try make(["a"]), try make(["a"]))
    #expect(first.key != second.key && first.certificate != second.certificate)
  }

  @Test func theLargestFits() throws {
    let label = String(repeating: "a", count: 63)
    let longest = [label, label, label, String(repeating: "d", count: 61)].joined(separator: ".")
    let all = [String](repeating: longest, count: NewCertificate.nameLimit)
    let bytes = try der(try make(all).certificate, "CERTIFICATE")
    #expect(bytes.count > 8000)
  }
}
