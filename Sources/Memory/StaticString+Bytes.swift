extension StaticString {
  /// The UTF-8 bytes of the literal, which live as long as the program.
  @inlinable public var bytes: RawSpan {
    @_lifetime(immortal) get {
      let span = unsafe RawSpan(_unsafeStart: utf8Start, byteCount: utf8CodeUnitCount)
      return unsafe _overrideLifetime(span, borrowing: ())
    }
  }
}
