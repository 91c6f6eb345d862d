import Memory

/// A number as it was written: `significand` × 10^`exponent`, where the digits fit.
struct DecimalNumber {
  let isNegative: Bool
  /// Written without fraction and exponent.
  let isInteger: Bool
  /// The digits without the point; only the low 64 bits when there are more than 19 of them.
  let significand: UInt64
  let exponent: Int
  /// Where the first digit stands, how many there are, and where the number ends.
  let digits: Int
  let digitCount: Int
  let end: Int

  /// Any 19 digits fit into 64 bits.
  var fits: Bool { digitCount <= 19 }

  /// Nil when a 64-bit integer cannot hold it.
  var integer: Int64? {
    guard isInteger, fits, significand <= UInt64(Int64.max) + (isNegative ? 1 : 0) else {
      return nil
    }
    return Int64(truncatingIfNeeded: isNegative ? 0 &- significand : significand)
  }

  /// The nearest double, ties to even; nil when that is infinite.
  ///
  /// - Parameter bytes: the text that the number was scanned from.
  @inline(__always) func double(in bytes: RawSpan) -> Double? {
    let magnitude =
      fastDouble
      ?? DecimalNumber.slowDouble(
        significand, exponent, fits: fits, in: bytes.extracting(digits..<end))
    guard let magnitude else { return nil }
    return isNegative ? -magnitude : magnitude
  }

  /// Significand and power of ten are both exact as doubles, so that one operation rounds once
  /// (W. D. Clinger, "How to read floating point numbers accurately", 1990).
  @inline(__always) private var fastDouble: Double? {
    guard fits, significand <= 1 << 53, exponent >= -22, exponent <= 22 else { return nil }
    let value = Double(significand)
    return exponent < 0 ? value / powersOfTen[-exponent] : value * powersOfTen[exponent]
  }

  /// The same of 15 digits at most, of which so many are decimals.
  @inline(__always) static func quotient(_ significand: Int64, _ decimals: Int) -> Double {
    Double(significand) / powersOfTen[decimals]
  }

  /// - Parameter text: from the first digit on.
  @inline(never) private static func slowDouble(
    _ significand: UInt64, _ exponent: Int, fits: Bool, in text: RawSpan
  ) -> Double? {
    if fits, let value = checkedDouble(significand, exponent) { return value }
    let value = text.nearestDouble(timesPowerOfTen: exponent)
    return value.isFinite ? value : nil
  }

  /// A quotient that may be off in its last places, put right by its exact remainder; nil where
  /// that needs more care. Sensors' doubles, written with 17 digits, come this way.
  private static func checkedDouble(_ significand: UInt64, _ exponent: Int) -> Double? {
    // Zero has no exponent that could be counted with.
    guard significand > 0, exponent >= -27, exponent < 0 else { return nil }
    // 10^n = 5^n × 2^n, and 5^27 < 2^63. Being odd, 5^n leaves no ties.
    var divisor: UInt64 = 1
    for _ in 0..<(-exponent) { divisor &*= 5 }
    let guess = Double(significand) / Double(divisor)
    let shift = 52 - Int(guess.exponent)
    // Next to a power of two the doubles below lie closer.
    guard shift >= 0, shift < 64, guess.significandBitPattern > 2 else { return nil }
    var quotient = guess.significandBitPattern | 1 << 52
    let product = Int128(quotient) &* Int128(divisor)
    var twice = (Int128(significand) &<< Int128(shift) &- product) &* 2
    while twice > Int128(divisor) {
      quotient += 1
      twice -= 2 * Int128(divisor)
    }
    while twice < -Int128(divisor) {
      quotient -= 1
      twice += 2 * Int128(divisor)
    }
    // The quotient's highest bit adds 1 to the exponent field.
    return Double(bitPattern: UInt64(1023 + 51 - shift + exponent) << 52 + quotient)
  }
}

private let powersOfTen: InlineArray<23, Double> = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]
