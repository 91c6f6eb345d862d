import Memory
import Testing

@Suite struct ByteWriterDecimalsTests {
  private func written(_ value: UInt64, width: Int = 1) -> String {
    var writer = ByteWriter(capacity: 32)
    writer.append(decimal: value, width: width)
    return text(writer)
  }

  @Test func whatIsWrittenIsWhatSwiftWrites() {
    var values: [UInt64] = [0, .max]
    var power: UInt64 = 1
    for _ in 0..<20 {
      values += [power &- 1, power, power &+ 1]
      power &*= 10
    }
    for value in values { #expect(written(value) == String(value)) }
  }

  @Test(arguments: [(7, 1, "7"), (7, 2, "07"), (123, 2, "123"), (5, 20, "00000000000000000005")])
  func zerosFillTheWidth(_ value: UInt64, _ width: Int, _ expected: String) {
    #expect(written(value, width: width) == expected)
  }

  @Test(arguments: [
    (0, 0, 1, "0.0"), (12, 345, 3, "12.345"), (9_999, 7, 4, "9999.0007"), (1, 98_765, 2, "1.65"),
  ])
  func aPointStandsBeforeTheFraction(
    _ whole: UInt64, _ fraction: UInt64, _ decimals: Int, _ expected: String
  ) {
    var writer = ByteWriter(capacity: 32)
    writer.append(decimal: whole, fraction: fraction, decimals: decimals)
    #expect(text(writer) == expected)
  }

  @Test func allDigitsOrNone() {
    var writer = ByteWriter(capacity: 5)
    writer.append(decimal: 123_456)
    #expect(text(writer) == "" && writer.overflowed)
    writer.removeAll()
    writer.append(decimal: 12, fraction: 345, decimals: 3)
    #expect(text(writer) == "" && writer.overflowed)
    writer.removeAll()
    writer.append(decimal: 12, fraction: 34, decimals: 2)
    #expect(text(writer) == "12.34" && !writer.overflowed)
  }
}
