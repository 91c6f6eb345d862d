import Memory
import Testing

@Suite struct RawSpanDoubleTests {
  private func nearest(_ digits: [UInt8], _ exponent: Int) -> Double {
    digits.span.bytes.nearestDouble(timesPowerOfTen: exponent)
  }

  @Test(
    arguments: [
      ("25", -1, 2.5), ("2.5", -1, 2.5), ("000.25e7", -2, 0.25), ("", 3, 0), ("x", 3, 0),
      ("0", 3, 0),
      ("9007199254740993", 0, 9_007_199_254_740_992),
      ("90071992547409930000000000000001", -16, 9_007_199_254_740_994),
      ("1", 308, 1e308), ("1", 309, .infinity), ("1", .max, .infinity), ("1", .min, 0),
      ("5", -324, .leastNonzeroMagnitude), ("2", -324, 0),
    ] as [(String, Int, Double)])
  func nearest(digits: String, exponent: Int, expected: Double) {
    #expect(nearest(Array(digits.utf8), exponent) == expected)
  }

  /// 2^53 + 1 lies halfway: a digit behind the thousandth zero still decides.
  @Test func digitsWithoutEnd() {
    let tie = Array("9007199254740993".utf8) + [UInt8](repeating: 0x30, count: 1000)
    #expect(nearest(tie, -1000) == 9_007_199_254_740_992)
    #expect(nearest(tie + [0x31], -1001) == 9_007_199_254_740_994)
  }
}
