import Memory
import Testing

@testable import Host

@Suite struct NewCertificateDERTests {
  private func body(
    _ name: String = "a.b", from: Int64 = 1_600_000_000, until: Int64? = 1_700_000_000
  ) throws -> [UInt8] {
    NewCertificate.body(
      names: [try SubjectName(Array(name.utf8))], serial: [0x40, 1], from: from, until: until,
      publicKey: [0x30, 2, 5, 0])
  }

  private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: part) }
  }

  @Test func whatStandsFirst() throws {
    let bytes = try body()
    #expect(bytes[0] == 0x30 && bytes[1] == 0x82)
    let head: [UInt8] = [0xA0, 3, 2, 1, 2, 2, 2, 0x40, 1]
    let signed: [UInt8] = [0x30, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]
    let name: [UInt8] =
      [0x30, 14, 0x31, 12, 0x30, 10, 6, 3, 0x55, 4, 3, 0x0C, 3] + Array("a.b".utf8)
    var all = head + signed + name
    all += [0x30, 30, 0x17, 13] + Array("200913122640Z".utf8)
    all += [0x17, 13] + Array("231114221320Z".utf8)
    all += name
    all += [0x30, 2, 5, 0, 0xA3]
    #expect(Array(bytes.dropFirst(4).prefix(all.count)) == all)
  }

  /// RFC 5280, section 4.1.2.5.
  @Test func timesAreShortUntil2049() throws {
    #expect(contains(try body(until: 2_524_607_999), [0x17, 13] + Array("491231235959Z".utf8)))
    #expect(contains(try body(until: 2_524_608_000), [0x18, 15] + Array("20500101000000Z".utf8)))
    #expect(contains(try body(until: nil), [0x18, 15] + Array("99991231235959Z".utf8)))
  }

  @Test func extensions() throws {
    let bytes = try body()
    let critical: [UInt8] = [1, 1, 0xFF, 4]
    #expect(contains(bytes, [0x55, 29, 19] + critical + [8, 0x30, 6, 1, 1, 0xFF, 2, 1, 0]))
    #expect(contains(bytes, [0x55, 29, 15] + critical + [4, 3, 2, 2, 0x84]))
    let names = [try SubjectName(Array("a.b".utf8))]
    let alternatives = SubjectName.alternatives(names)
    let bounds = SubjectName.bounds(names)
    #expect(contains(bytes, [0x55, 29, 17, 4, UInt8(alternatives.count)] + alternatives))
    #expect(contains(bytes, [0x55, 29, 30, 4, UInt8(bounds.count)] + bounds))
  }

  /// RFC 5280, appendix A.1.
  @Test func aCommonNameHas64Bytes() throws {
    let fits = String(repeating: "a", count: 61) + ".bc"
    #expect(contains(try body(fits), [0x0C, 64] + Array(fits.utf8)))
    #expect(contains(try body(fits + "d"), [0x0C, 7] + Array("martlet".utf8)))
  }

  @Test func serialsArePositiveAndLong() {
    for byte in [0, 0x7F, 0x80, 0xFF] as [UInt8] {
      let serial = NewCertificate.serial(InlineArray(repeating: byte))
      #expect(serial.count == 16 && serial[0] >= 0x40 && serial[0] < 0x80)
      #expect(serial.dropFirst().allSatisfy { $0 == byte })
    }
  }
}
