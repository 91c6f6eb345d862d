/// A non-negative integer of up to 3,072 bits, enough to turn any decimal into the nearest double.
struct BigInteger: ~Copyable {
  /// Least significant first; those from `count` on are zero.
  private var limbs: InlineArray<96, UInt32> = .init(repeating: 0)
  private var count = 0

  init(_ value: UInt64) {
    limbs[0] = UInt32(truncatingIfNeeded: value)
    limbs[1] = UInt32(truncatingIfNeeded: value >> 32)
    count = 2
    trim()
  }

  var isZero: Bool { count == 0 }

  private var bitCount: Int {
    count == 0 ? 0 : count * 32 - limbs[count - 1].leadingZeroBitCount
  }

  private mutating func trim() {
    while count > 0, limbs[count - 1] == 0 { count -= 1 }
  }

  mutating func multiply(by factor: UInt32, adding summand: UInt32 = 0) {
    var carry = summand
    for index in 0..<count {
      let product = UInt64(limbs[index]) * UInt64(factor) + UInt64(carry)
      limbs[index] = UInt32(truncatingIfNeeded: product)
      carry = UInt32(product >> 32)
    }
    guard carry > 0 else { return }
    limbs[count] = carry
    count += 1
  }

  /// Rounds down; returns the remainder.
  mutating func divide(by divisor: UInt32) -> UInt32 {
    var remainder: UInt64 = 0
    for index in stride(from: count - 1, through: 0, by: -1) {
      let dividend = remainder << 32 | UInt64(limbs[index])
      let quotient = dividend / UInt64(divisor)
      limbs[index] = UInt32(truncatingIfNeeded: quotient)
      remainder = dividend - quotient * UInt64(divisor)
    }
    trim()
    return UInt32(truncatingIfNeeded: remainder)
  }

  /// Multiplies by 2^(32 × `places`).
  mutating func shift(by places: Int) {
    for index in stride(from: count - 1, through: 0, by: -1) {
      limbs[index + places] = limbs[index]
      limbs[index] = 0
    }
    count += places
  }

  private mutating func multiply(byPowerOfFive exponent: Int) {
    var left = exponent
    while left > 0 {
      multiply(by: powersOfFive[min(left, 13)])
      left -= 13
    }
  }

  /// Rounds down; returns whether nothing was lost by that.
  private mutating func divide(byPowerOfFive exponent: Int) -> Bool {
    var left = exponent
    var isExact = true
    while left > 0 {
      if divide(by: powersOfFive[min(left, 13)]) != 0 { isExact = false }
      left -= 13
    }
    return isExact
  }

  /// The double nearest to this × 10^`exponent`, ties to even; nil when that is infinite.
  ///
  /// - Parameter isTruncated: whether what is meant is more than this integer, by less than 1.
  consuming func timesPowerOfTen(_ exponent: Int, isTruncated: Bool) -> Double? {
    // Less than a quarter of the smallest double, as 10^-n < 2^-3n; and 10^310 is infinite.
    guard !isZero, bitCount + 3 * exponent > -1080 else { return 0 }
    guard exponent < 310 else { return nil }
    var isInexact = isTruncated
    var binaryExponent = exponent  // 10^n = 5^n × 2^n
    if exponent >= 0 {
      // 5^n > 2^2n, so the product would be past 2^1024: it need not fit the limbs.
      guard bitCount + 2 * exponent < 1100 else { return nil }
      multiply(byPowerOfFive: exponent)
    } else {
      // 5^n < 2^(7n/3): the quotient keeps 66 bits or more.
      let missing = -exponent * 7 / 3 + 67 - bitCount
      if missing > 0 {
        let places = (missing + 31) / 32
        shift(by: places)
        binaryExponent -= 32 * places
      }
      if !divide(byPowerOfFive: -exponent) { isInexact = true }
    }
    return rounded(timesPowerOfTwo: binaryExponent, isInexact: isInexact)
  }

  /// - Parameter isInexact: whether what is meant is more than this integer, by less than 1.
  private func rounded(timesPowerOfTwo exponent: Int, isInexact: Bool) -> Double? {
    // The highest 64 bits, the first of them set.
    let top = limbs[count - 1]
    let next = count > 1 ? limbs[count - 2] : 0
    let third = UInt64(count > 2 ? limbs[count - 3] : 0) << UInt64(top.leadingZeroBitCount)
    let high = (UInt64(top) << 32 | UInt64(next)) << UInt64(top.leadingZeroBitCount) | third >> 32
    var isMore = isInexact || third & 0xFFFF_FFFF != 0
    for index in 0..<max(0, count - 3) where limbs[index] != 0 { isMore = true }

    let leading = exponent + bitCount - 1  // of 2, in the value
    guard leading <= 1023 else { return nil }
    guard leading >= -1075 else { return 0 }
    let dropped = UInt64(leading >= -1022 ? 11 : 11 - 1022 - leading)
    var kept = high >> dropped
    let rest = high & (1 << dropped &- 1)
    let half = (1 as UInt64) << (dropped - 1)
    if rest > half || rest == half && (isMore || kept & 1 == 1) { kept += 1 }
    // The leading bit of `kept` adds 1 to the exponent field, and so does a carry out of it.
    let field = UInt64(max(leading + 1022, 0))
    let value = Double(bitPattern: field << 52 + kept)
    return value.isFinite ? value : nil
  }
}

/// 5^13 is the largest in 32 bits.
private let powersOfFive: InlineArray<14, UInt32> = [
  1, 5, 25, 125, 625, 3125, 15_625, 78_125, 390_625, 1_953_125, 9_765_625, 48_828_125,
  244_140_625, 1_220_703_125,
]
