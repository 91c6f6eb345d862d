import Testing

@testable import Host

@Suite struct SubjectNameDERTests {
  private func names(_ texts: String...) throws -> [SubjectName] {
    try texts.map { try SubjectName(Array($0.utf8)) }
  }

  @Test func alternatives() throws {
    let made = SubjectName.alternatives(try names("a.b", "10.0.0.1", "*.c.d"))
    let first: [UInt8] = [0x82, 3] + Array("a.b".utf8)
    let second: [UInt8] = [0x87, 4, 10, 0, 0, 1]
    let third: [UInt8] = [0x82, 5] + Array("*.c.d".utf8)
    #expect(made == [0x30, 18] + first + second + third)
  }

  @Test func lengthsOfOneAndTwoBytes() throws {
    let long = Array(repeating: String(repeating: "a", count: 49), count: 4).joined(separator: ".")
    let one = SubjectName.alternatives(try names(long))
    #expect(one.count == 205 && one.prefix(6) == [0x30, 0x81, 202, 0x82, 0x81, 199])
    let two = SubjectName.alternatives(try names(long, long))
    #expect(two.count == 408 && two.prefix(4) == [0x30, 0x82, 0x01, 0x94])
  }

  @Test func aHostVouchesForNoAddress() throws {
    let none4: [UInt8] = [0x30, 10, 0x87, 8] + [UInt8](repeating: 0, count: 8)
    let none6: [UInt8] = [0x30, 34, 0x87, 32] + [UInt8](repeating: 0, count: 32)
    let permitted: [UInt8] = [0xA0, 7, 0x30, 5, 0x82, 3] + Array("c.d".utf8)
    let excluded: [UInt8] = [0xA1, 48] + none4 + none6
    #expect(SubjectName.bounds(try names("*.c.d")) == [0x30, 59] + permitted + excluded)
  }

  @Test func anAddressVouchesForNoHost() throws {
    let permitted: [UInt8] = [0xA0, 12, 0x30, 10, 0x87, 8, 10, 0, 0, 1, 255, 255, 255, 255]
    let excluded: [UInt8] = [0xA1, 4, 0x30, 2, 0x82, 0]
    #expect(SubjectName.bounds(try names("10.0.0.1")) == [0x30, 20] + permitted + excluded)
  }

  @Test func bothVouchForBoth() throws {
    let made = SubjectName.bounds(try names("a", "::1"))
    #expect(made[0] == 0x30 && Int(made[1]) == made.count - 2 && made[2] == 0xA0)
    #expect(Int(made[3]) == made.count - 4)
  }
}
