/// Integers as decimal digits, two at a time.
extension ByteWriter {
  /// Appends decimal digits, with zeros in front when there are fewer than `width`, 1 to 20.
  @inline(never) public mutating func append(decimal value: UInt64, width: Int = 1) {
    precondition(width >= 1 && width <= 20)
    if value < 10, width == 1 { return append(UInt8(ascii: "0") + UInt8(value)) }
    if value < 100, width <= 2 {
      if let place = unsafe extend(by: 2) { unsafe place.storeDigits(value, 2) }
      return
    }
    let length = max(width, value.decimalDigitCount)
    guard let place = unsafe extend(by: length) else { return }
    unsafe place.storeDecimal(value, digits: length)
  }

  /// Appends `whole`, a point, and the last `decimals` digits of `fraction`.
  ///
  /// - Parameter decimals: 1 to 20; where it is known when this is compiled, little is left to do.
  @inline(__always)
  public mutating func append(decimal whole: UInt64, fraction: UInt64, decimals: Int) {
    precondition(decimals >= 1 && decimals <= 20)
    let point = whole.decimalDigitCount
    guard let place = unsafe extend(by: point &+ 1 &+ decimals) else { return }
    if whole < 10 {
      unsafe place.storeBytes(of: UInt8(ascii: "0") + UInt8(whole), as: UInt8.self)
    } else {
      unsafe place.storeDecimal(whole, digits: point)
    }
    unsafe place.storeBytes(of: UInt8(ascii: "."), toByteOffset: point, as: UInt8.self)
    unsafe (place + point + 1).storeDigits(fraction, decimals)
  }
}

extension UInt64 {
  /// Of 0 to 19: all that there are.
  public static let powersOfTen: InlineArray<20, UInt64> = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
    1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
    1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]

  /// Digits that it has in decimal, 1 to 20.
  @inline(__always) fileprivate var decimalDigitCount: Int { self < 10 ? 1 : longDigitCount }

  @inline(never) private var longDigitCount: Int {
    // 1233 / 4096 is near enough to the logarithm of 2 for 64 bits.
    let count = ((64 &- leadingZeroBitCount) &* 1233) >> 12
    return self < UInt64.powersOfTen[count] ? count : count &+ 1
  }
}

extension UnsafeMutableRawPointer {
  private static let pairs: StaticString = """
    0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546\
    4748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293\
    949596979899
    """

  @inline(never) fileprivate func storeDecimal(_ value: UInt64, digits count: Int) {
    unsafe storeDigits(value, count)
  }

  /// Stores the last `count` decimal digits of `value`, with zeros in front when it has fewer.
  @inline(__always) fileprivate func storeDigits(_ value: UInt64, _ count: Int) {
    let pairs = unsafe UnsafeRawPointer(UnsafeMutableRawPointer.pairs.utf8Start)
    var (rest, place) = (value, count)
    while place >= 2 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      rest = quotient
      place &-= 2
      let text = unsafe pairs.loadUnaligned(fromByteOffset: 2 &* Int(pair), as: UInt16.self)
      unsafe storeBytes(of: text, toByteOffset: place, as: UInt16.self)
    }
    guard place == 1 else { return }
    let digit = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
    unsafe storeBytes(of: digit, as: UInt8.self)
  }
}
