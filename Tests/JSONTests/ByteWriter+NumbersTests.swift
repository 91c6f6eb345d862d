import Foundation
import JSON
import Memory
import TestSupport
import Testing

@Suite struct ByteWriterNumbersTests {
  @Test(arguments: [
    (0.0, 0, "0"), (-0.0, 2, "0.00"), (-0.004, 2, "0.00"), (-0.005, 1, "0.0"), (1.5, 0, "2"),
    (2.5, 0, "3"), (-2.5, 0, "-3"), (0.5, 0, "1"), (0.499_999_999_999_999_94, 0, "0"),
    (9.81, 2, "9.81"), (-9.81, 4, "-9.8100"), (0.999_95, 4, "1.0000"), (0.999_94, 4, "0.9999"),
    (1.005, 2, "1.00"), (1.115, 2, "1.11"), (0.125, 2, "0.13"), (1e-9, 9, "0.000000001"),
    (4.9e-10, 9, "0.000000000"), (5.1e-10, 9, "0.000000001"),
    (.leastNonzeroMagnitude, 9, "0.000000000"),
    (0.999_999_999_9, 9, "1.000000000"), (9_007_199_254_740_992, 3, "9007199254740992.000"),
    (4_503_599_627_370_495.5, 0, "4503599627370496"), (1e18, 0, "1000000000000000000"),
    (18_446_744_073_709_549_568, 1, "18446744073709549568.0"), (0x1p64, 1, "null"),
    (-0x1p64, 1, "null"), (.infinity, 1, "null"), (-.infinity, 1, "null"), (.nan, 0, "null"),
  ]) func fixed(value: Double, decimals: Int, expected: String) {
    #expect(written { $0.fixed(value, decimals: decimals) } == expected)
  }

  /// The C library prints the exact value, rounded half to even: it differs at ties alone, which
  /// random doubles with this many bits do not hit.
  @Test func fixedAgreesWithPrintf() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<20_000 {
      let scale = pow(10, Double(random.next() % 16) - 8)
      let value = Double.random(in: -1...1, using: &random) * scale
      let decimals = Int(random.next() % 10)
      var expected = String(format: "%.\(decimals)f", value)
      if expected.hasPrefix("-"), Double(expected) == 0 { expected.removeFirst() }
      #expect(written { $0.fixed(value, decimals: decimals) } == expected, "\(value)")
    }
  }

  /// A float is written as the double that it is.
  @Test func fixedFloatsAreWrittenAsDoubles() {
    var random = SplitMix64(seed: 4)
    var floats: [Float] = [
      0, -0.0, 0.00005, -0.00005, 0.49995, 0.5, 0.99995, 0.999995, 9.99995, 1e9, -1e20, .infinity,
      .nan, .leastNonzeroMagnitude, 0x1p51, 0x1p52, 0x1p63, 0x1p64,
    ]
    for _ in 0..<20_000 {
      let scale = pow(10, Float(random.next() % 16) - 8)
      floats.append(Float.random(in: -1...1, using: &random) * scale)
      floats.append(Float(Int(random.next() % 20_001) - 10_000) / 8192)
    }
    for value in floats {
      for decimals in [1, 4, 9] {
        let expected = written { $0.fixed(Double(value), decimals: decimals) }
        #expect(written { $0.append(fixed: value, decimals: decimals) } == expected, "\(value)")
      }
    }
  }

  @Test func integers() {
    #expect(written { $0.integer(0) } == "0")
    #expect(written { $0.integer(-1) } == "-1")
    #expect(written { $0.integer(Int64.max) } == "9223372036854775807")
    #expect(written { $0.integer(Int64.min) } == "-9223372036854775808")
    #expect(written { $0.integer(UInt64.max) } == "18446744073709551615")
    for (digits, power) in (1...19).map({ ($0, UInt64.powersOfTen[$0]) }) {
      #expect(written { $0.integer(power - 1) } == String(repeating: "9", count: digits))
      for value in [power, power + 1, power + power / 3] {
        #expect(written { $0.integer(value) } == "\(value)")
      }
    }
    for bits in 0..<64 {
      let value = UInt64(1) << bits
      #expect(written { $0.integer(value) } == "\(value)")
    }
  }

  @Test func secondsWithThreeDecimals() {
    #expect(written { $0.secondsString(milliseconds: 1_234_567_890_123) } == "\"1234567890.123\"")
    #expect(written { $0.secondsString(milliseconds: 7) } == "\"0.007\"")
  }
}
