import Memory

/// The four bytes by which a client hides its payload from intermediaries (RFC 6455, section 5.3).
public struct MaskingKey: Equatable {
  /// In the order of memory, turned so that its first byte meets the next byte of the payload.
  private var word: UInt32

  /// - Parameter word: the four bytes as they lie in memory.
  public init(_ word: UInt32) { self.word = word }

  /// Unmasks (or masks) the next part of a payload where it lies.
  @inline(__always) public mutating func apply(to bytes: inout MutableRawSpan, _ range: Range<Int>)
  {
    bytes.xor(range, with: word)
    let turn = UInt32(range.count & 3) * 8
    if turn != 0 {
      let key = word.littleEndian
      word = UInt32(littleEndian: key >> turn | key << (32 - turn))
    }
  }
}
