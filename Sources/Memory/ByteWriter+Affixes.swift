/// Up to four bytes that stand before or behind something.
@frozen public struct Affix {
  /// In the order of memory, from the lowest byte.
  @usableFromInline let word: UInt32
  @usableFromInline let count: Int

  @inlinable public init(_ first: UInt8) { (word, count) = (UInt32(first), 1) }
  @inlinable public init(_ first: UInt8, _ second: UInt8) {
    (word, count) = (UInt32(first) | UInt32(second) << 8, 2)
  }
}

extension ByteWriter {
  /// Appends `head`, `body` and `tail` as one: all of them, or nothing.
  public mutating func append(_ body: RawSpan, between head: Affix, and tail: Affix) {
    let length = head.count + body.byteCount + tail.count
    // A whole word is stored for each affix; what follows, or comes next, overwrites the rest.
    guard length <= capacity - count - MemoryLayout<UInt32>.size else {
      return appendClosely(body, head, tail)
    }
    var place = unsafe base + count
    count += length
    unsafe place.storeBytes(of: head.word.littleEndian, as: UInt32.self)
    unsafe place += head.count
    unsafe body.withUnsafeBytes {
      guard let start = $0.baseAddress else { return }
      unsafe place.copyMemory(from: start, byteCount: $0.count)
    }
    unsafe place += body.byteCount
    unsafe place.storeBytes(of: tail.word.littleEndian, as: UInt32.self)
  }

  /// The same near the end of the buffer.
  @inline(never) private mutating func appendClosely(
    _ body: RawSpan, _ head: Affix, _ tail: Affix
  ) {
    guard head.count + body.byteCount + tail.count <= capacity - count else {
      overflowed = true
      return
    }
    append(head)
    append(body)
    append(tail)
  }

  private mutating func append(_ affix: Affix) {
    for place in 0..<affix.count {
      append(UInt8(truncatingIfNeeded: affix.word >> UInt32(8 * place)))
    }
  }
}
