extension Int {
  /// Whether it is 0 or more and below `count`, which is not negative: one comparison, where the
  /// compiler makes two of two.
  @inlinable @inline(__always) func isIndex(below count: Int) -> Bool {
    UInt(bitPattern: self) < UInt(bitPattern: count)
  }
}
