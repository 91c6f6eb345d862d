extension Span where Element == UInt8 {
  /// The same bytes, untyped.
  @inlinable public var raw: RawSpan {
    @_lifetime(copy self) get { unsafe bytes }
  }
}
