/// Raw bytes of fixed size, taken at start.
@safe @frozen public struct Buffer: ~Copyable {
  @usableFromInline let base: UnsafeMutableRawPointer
  public let size: Int

  /// - Parameter size: bytes, at least 1.
  public init(size: Int) {
    precondition(size > 0)
    self.size = size
    unsafe base = takeZeroed(size)
  }

  deinit { unsafe giveBackZeroed(base, size) }

  /// Makes all memory resident; what it held is partly lost.
  public mutating func touch() { unsafe touchPages(base, byteCount: size) }

  @inlinable public var bytes: RawSpan {
    @_lifetime(borrow self) get {
      let span = unsafe RawSpan(_unsafeStart: base, byteCount: size)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  @_lifetime(&self)
  @inlinable public mutating func mutableBytes(_ range: Range<Int>) -> MutableRawSpan {
    mutableBytes(from: range.lowerBound, count: range.count)
  }

  @_lifetime(&self)
  @inlinable public mutating func mutableBytes(from start: Int, count: Int) -> MutableRawSpan {
    precondition(start >= 0 && count >= 0 && start <= size - count)
    let span = unsafe MutableRawSpan(_unsafeStart: base + start, byteCount: count)
    return unsafe _overrideLifetime(span, mutating: &self)
  }
}
