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

  /// The first member that is `index` or more.
  public func first(from index: Int) -> Int? {
    var (word, start) = (index >> 6, index & 63)
    while word < words.count {
      let rest = words[word] >> UInt64(start)
      if rest != 0 { return word << 6 + start + rest.trailingZeroBitCount }
      (word, start) = (word + 1, 0)
    }
    return nil
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
