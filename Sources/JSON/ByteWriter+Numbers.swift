import Memory

/// Numbers as JSON writes them.
extension ByteWriter {
  public mutating func integer(_ value: Int) { integer(Int64(value)) }

  public mutating func integer(_ value: Int64) {
    separate()
    if value < 0 { append(UInt8(ascii: "-")) }
    append(decimal: value.magnitude)
  }

  public mutating func integer(_ value: UInt64) {
    separate()
    append(decimal: value)
  }

  /// With exactly so many decimals, rounded half away from zero by the value that the double has.
  ///
  /// What is not finite has no JSON form (RFC 8259 section 6) and becomes `null`; so does what is
  /// 2^64 or further from zero, which no member of ours can be. Zero is never negative.
  ///
  /// - Parameter decimals: 0 to 9.
  public mutating func fixed(_ value: Double, decimals: Int) {
    precondition(decimals >= 0 && decimals <= 9)
    guard value.magnitude < 0x1p64 else { return null() }
    // One instruction where it is small, as nearly always.
    let isSmall = value.magnitude < 0x1p31
    var whole = isSmall ? UInt64(Int32(value.magnitude)) : UInt64(value.magnitude)
    let scale = UInt64.powersOfTen[decimals]
    var fraction = scaled(
      value.magnitude - (isSmall ? Double(Int32(value.magnitude)) : Double(whole)), by: scale)
    if fraction == scale { (whole, fraction) = (whole + 1, 0) }
    separate()
    if value < 0, whole | fraction != 0 { append(UInt8(ascii: "-")) }
    append(decimal: whole)
    guard decimals > 0 else { return }
    append(UInt8(ascii: "."))
    append(decimal: fraction, width: decimals)
  }

  /// The same digits behind a name, where no comma is due, for less: the 24 bits of a float times a
  /// power of ten, which has 21 bits when its twos are taken out, are exact as a double, also with
  /// a half added.
  ///
  /// - Parameter decimals: 1 to 9, known when this is compiled.
  @inline(__always) public mutating func append(fixed value: Float, decimals: Int) {
    precondition(decimals >= 1 && decimals <= 9)
    let scale = UInt64.powersOfTen[decimals]
    let scaled = Double(value).magnitude * Double(scale) + 0.5
    guard scaled < 0x1p51 else { return fixed(Double(value), decimals: decimals) }
    // From 2^52 on a double has no bits for a fraction: the sum is the nearest whole number, and
    // may be one too many.
    let rounded = scaled + 0x1p52
    let digits = (rounded.bitPattern & (1 << 52 - 1)) &- (rounded - 0x1p52 > scaled ? 1 : 0)
    if value < 0, digits != 0 { append(UInt8(ascii: "-")) }
    let (whole, fraction) = digits.quotientAndRemainder(dividingBy: scale)
    append(decimal: whole, fraction: fraction, decimals: decimals)
  }

  /// A string of seconds with three decimals: `"1234567890.123"`.
  ///
  /// - Parameter milliseconds: 0 or more.
  public mutating func secondsString(milliseconds: Int64) {
    precondition(milliseconds >= 0)
    separate()
    append(UInt8(ascii: "\""))
    append(secondsOf: UInt64(milliseconds))
    append(UInt8(ascii: "\""))
  }

  /// The same without the quotes, where no comma is due.
  public mutating func append(secondsOf milliseconds: UInt64) {
    let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    append(decimal: seconds, fraction: rest, decimals: 3)
  }
}

/// `fraction` × `scale`, exactly, then rounded half up.
///
/// - Parameters:
///   - fraction: at least 0 and less than 1.
///   - scale: up to 10^9.
private func scaled(_ fraction: Double, by scale: UInt64) -> UInt64 {
  guard fraction > 0x1p-40 else { return 0 }  // less than half of 10^-9
  // The fraction is significand × 2^-shift, with 53 bits and a shift of 53 to 92.
  let significand = fraction.significandBitPattern | 1 << 52
  let shift = UInt64(52 - Int(fraction.exponent))
  // Below 2^(shift - 1) no bit can change where the half falls, so 27 of them may go.
  let low = (significand & (1 << 27 - 1)) * scale
  let product = (significand >> 27) * scale + low >> 27
  return (product + 1 << (shift - 28)) >> (shift - 27)
}
