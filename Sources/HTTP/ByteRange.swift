/// Where in a head something stands: four bytes instead of sixteen.
@frozen public struct ByteRange: Equatable, Sendable {
  /// Bytes from the first byte that the parser was given.
  public let start: UInt16
  public let count: UInt16

  init(_ range: Range<Int>) {
    start = UInt16(range.lowerBound)
    count = UInt16(range.count)
  }

  public var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

extension RawSpan {
  /// The bytes of `range`, which was made from the same bytes.
  public subscript(range: ByteRange) -> RawSpan {
    @_lifetime(copy self) get { extracting(range.range) }
  }
}
