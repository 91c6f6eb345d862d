/// Raw bytes of fixed size, taken at start.
@safe @frozen public struct Buffer: ~Copyable {
  @usableFromInline let base: UnsafeMutableRawPointer
  public let size: Int

  /// - Parameter size: bytes, at least 1.
  public init(size: Int) {
    precondition(size > 0)
    self.size = size
    unsafe base = .allocate(byteCount: size, alignment: 64)
  }

  deinit { unsafe base.deallocate() }

  @inlinable public var bytes: RawSpan {
    @_lifetime(borrow self) get {
      let span = unsafe RawSpan(_unsafeStart: base, byteCount: size)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  @inlinable public var mutableBytes: MutableRawSpan {
    @_lifetime(&self) mutating get {
      let span = unsafe MutableRawSpan(_unsafeStart: base, byteCount: size)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }
}
