extension RawSpan {
  /// The whole number that the decimal digits stand for, nil when there is anything else.
  public var decimal: UInt64? {
    guard byteCount > 0, byteCount <= 20 else { return nil }
    var value: UInt64 = 0
    for offset in 0..<byteCount {
      guard self[offset] >= UInt8(ascii: "0"), self[offset] <= UInt8(ascii: "9") else { return nil }
      let (product, isOver) = value.multipliedReportingOverflow(by: 10)
      let (sum, isOverToo) = product.addingReportingOverflow(
        UInt64(self[offset] - UInt8(ascii: "0")))
      guard !isOver, !isOverToo else { return nil }
      value = sum
    }
    return value
  }
}
