/// How integers become decimal digits, two at a time.
extension UInt64 {
  /// Digits that it has in decimal, 1 to 20.
  public var decimalDigitCount: Int {
    var (rest, count) = (self, 1)
    while rest >= 10_000 {
      rest /= 10_000
      count += 4
    }
    return count + (rest >= 1000 ? 3 : rest >= 100 ? 2 : rest >= 10 ? 1 : 0)
  }
}

extension UnsafeMutableRawPointer {
  private static let pairs: StaticString = """
    0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546\
    4748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293\
    949596979899
    """

  /// Stores the last `count` decimal digits of `value`, with zeros in front when it has fewer.
  @unsafe public func storeDecimal(_ value: UInt64, digits count: Int) {
    let pairs = unsafe UnsafeRawPointer(UnsafeMutableRawPointer.pairs.utf8Start)
    var (rest, place) = (value, count)
    while place >= 2 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      rest = quotient
      place -= 2
      let text = unsafe pairs.loadUnaligned(fromByteOffset: 2 * Int(pair), as: UInt16.self)
      unsafe storeBytes(of: text, toByteOffset: place, as: UInt16.self)
    }
    if place == 1 {
      let digit = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      unsafe storeBytes(of: digit, as: UInt8.self)
    }
  }
}
