import CRuntime

extension RawSpan {
  /// The double nearest to the decimal digits at the front, a point among them passed over, times
  /// 10^`exponent`; ties to even. Infinite when it is past the largest, 0 without a digit.
  public func nearestDouble(timesPowerOfTen exponent: Int) -> Double {
    unsafe withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return 0 }
      return unsafe cruntime_nearest_double(start, bytes.count, Int64(exponent))
    }
  }
}
