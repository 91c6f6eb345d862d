import Memory
import Testing

@Suite struct DecimalDigitsTests {
  @Test func everyLengthIsCounted() {
    var power: UInt64 = 1
    for count in 1...19 {
      #expect(power.decimalDigitCount == count)
      #expect((power * 10 &- 1).decimalDigitCount == (count < 20 ? count : 20))
      power &*= 10
    }
    #expect((0 as UInt64).decimalDigitCount == 1)
    #expect(UInt64.max.decimalDigitCount == 20)
  }

  @Test func whatIsStoredIsWhatSwiftWrites() {
    var value: UInt64 = 0
    for _ in 0..<500 {
      let expected = String(value)
      var stored = [UInt8](repeating: 0x78, count: 26)
      stored.withUnsafeMutableBytes {
        unsafe ($0.baseAddress! + 1).storeDecimal(value, digits: 24)
      }
      let zeros = String(repeating: "0", count: 24 - expected.count)
      #expect(String(decoding: stored, as: UTF8.self) == "x" + zeros + expected + "x")
      value = value &* 3 &+ 7
    }
  }

  @Test(arguments: [(1234, 2, "34"), (1234, 3, "234"), (7, 1, "7"), (0, 0, "")])
  func onlyTheLastDigitsAreStored(_ value: Int, _ count: Int, _ expected: String) {
    var stored = [UInt8](repeating: 0, count: count)
    stored.withUnsafeMutableBytes {
      guard let base = $0.baseAddress else { return }
      unsafe base.storeDecimal(UInt64(value), digits: count)
    }
    #expect(String(decoding: stored, as: UTF8.self) == expected)
  }
}
