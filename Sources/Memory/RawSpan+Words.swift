/// Bounds-checked reads and writes of whole words in raw bytes, in the machine's byte order.
extension RawSpan {
  @inlinable public subscript(offset: Int) -> UInt8 {
    precondition(offset.isIndex(below: byteCount))
    return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The byte at `offset`; where there is none, a zero.
  @inlinable @inline(__always) public func byte(at offset: Int) -> UInt8 {
    guard offset.isIndex(below: byteCount) else { return 0 }
    return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// Needs no alignment.
  @inlinable public func load<Word: BitwiseCopyable>(at offset: Int, as _: Word.Type) -> Word {
    precondition(offset >= 0 && MemoryLayout<Word>.size <= byteCount &- offset)
    return unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Word.self)
  }

  /// Whether both hold the same bytes. Not in constant time: not for secrets.
  public func equals(_ other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    for offset in 0..<byteCount where self[offset] != other[offset] { return false }
    return true
  }

  /// Whether both hold the same bytes when ASCII letters lose their case.
  public func equalsIgnoringCase(_ other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    for offset in 0..<byteCount where self[offset].lowercased != other[offset].lowercased {
      return false
    }
    return true
  }
}

extension MutableRawSpan {
  @inlinable public subscript(offset: Int) -> UInt8 {
    get {
      precondition(offset.isIndex(below: byteCount))
      return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
    @_lifetime(self: copy self)
    set {
      precondition(offset.isIndex(below: byteCount))
      storeBytes(of: newValue, toByteOffset: offset, as: UInt8.self)
    }
  }

  /// Needs no alignment.
  @inlinable public func load<Word: BitwiseCopyable>(at offset: Int, as _: Word.Type) -> Word {
    precondition(offset >= 0 && MemoryLayout<Word>.size <= byteCount &- offset)
    return unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Word.self)
  }

  /// Needs no alignment.
  @_lifetime(self: copy self)
  @inlinable public mutating func store<Word: BitwiseCopyable>(_ word: Word, at offset: Int) {
    precondition(offset >= 0 && MemoryLayout<Word>.size <= byteCount &- offset)
    storeBytes(of: word, toByteOffset: offset, as: Word.self)
  }

  /// Copies all of `source` to `offset`.
  @_lifetime(self: copy self)
  @inlinable public mutating func copy(_ source: RawSpan, to offset: Int) {
    precondition(offset >= 0 && source.byteCount <= byteCount &- offset)
    unsafe withUnsafeMutableBytes { to in
      unsafe source.withUnsafeBytes { from in
        guard from.count > 0 else { return }
        unsafe (to.baseAddress! + offset).copyMemory(
          from: from.baseAddress!, byteCount: from.count)
      }
    }
  }
}

extension UInt8 {
  /// The ASCII letter in lower case, any other byte as it is.
  @inlinable public var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}
