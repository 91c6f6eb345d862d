/// A set of small integers without an order, in a bit of memory for each that it may take.
@safe public struct BitSet: ~Copyable {
  private var words: FixedArray<UInt64>
  public let capacity: Int

  /// Takes integers from 0 to `capacity` - 1; `capacity` is at least 1.
  public init(capacity: Int) {
    precondition(capacity > 0)
    self.capacity = capacity
    words = FixedArray(zeroed: BitSet.byteCount(capacity: capacity) / 8)
  }

  /// Bytes of a set of this capacity.
  public static func byteCount(capacity: Int) -> Int { (capacity + 63) / 64 * 8 }

  public func contains(_ index: Int) -> Bool {
    precondition(index.isIndex(below: capacity))
    return words[index >> 6] & BitSet.bit(index) != 0
  }

  public mutating func insert(_ index: Int) {
    precondition(index.isIndex(below: capacity))
    words[index >> 6] |= BitSet.bit(index)
  }

  public mutating func remove(_ index: Int) {
    precondition(index.isIndex(below: capacity))
    words[index >> 6] &= ~BitSet.bit(index)
  }

  private static func bit(_ index: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: index) }
}
