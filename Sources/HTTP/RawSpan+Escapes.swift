import Memory

extension RawSpan {
  /// The byte that the percent sign at `offset` and two hexadecimal digits stand for (RFC 3986,
  /// section 2.1); nil when they are no such thing.
  func escape(at offset: Int) -> UInt8? {
    guard offset + 2 < byteCount, let high = self[offset + 1].hexValue,
      let low = self[offset + 2].hexValue
    else { return nil }
    return high << 4 | low
  }
}
