/// A buffer of fixed capacity, taken at start, that is written front to back and used again.
///
/// What fits no longer is left out and sets `overflowed`: the caller looks once, when it is done.
@safe @frozen public struct ByteWriter: ~Copyable {
  @usableFromInline let base: UnsafeMutableRawPointer
  public let capacity: Int
  public internal(set) var count: Int = 0
  public internal(set) var overflowed = false

  /// - Parameter capacity: bytes, at least 1.
  public init(capacity: Int) {
    precondition(capacity > 0)
    self.capacity = capacity
    unsafe base = takeZeroed(capacity)
  }

  deinit { unsafe giveBackZeroed(base, capacity) }

  /// Forgets what was written.
  public mutating func removeAll() { truncate(to: 0) }

  /// Forgets what was written behind the first `length` bytes, and that something did not fit.
  public mutating func truncate(to length: Int) {
    precondition(length >= 0 && length <= count)
    count = length
    overflowed = false
  }

  public mutating func append(_ byte: UInt8) {
    guard count < capacity else {
      overflowed = true
      return
    }
    unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  /// Appends the bytes of an integer as they lie in memory.
  public mutating func append<Word: FixedWidthInteger & BitwiseCopyable>(word: Word) {
    guard MemoryLayout<Word>.size <= capacity - count else {
      overflowed = true
      return
    }
    unsafe base.storeBytes(of: word, toByteOffset: count, as: Word.self)
    count += MemoryLayout<Word>.size
  }

  /// Writes another byte in place of the first, which must be there.
  public mutating func replaceFirst(by byte: UInt8) {
    precondition(count > 0)
    unsafe base.storeBytes(of: byte, toByteOffset: 0, as: UInt8.self)
  }

  public mutating func append(_ bytes: RawSpan) {
    let length = bytes.byteCount
    guard length <= capacity - count else {
      overflowed = true
      return
    }
    guard length > 0 else { return }
    unsafe bytes.withUnsafeBytes {
      unsafe (base + count).copyMemory(from: $0.baseAddress!, byteCount: length)
    }
    count += length
  }

  /// Appends the bytes of an integer as they lie in memory, and `bytes` behind them; both or none.
  @inline(__always) public mutating func append<Word: FixedWidthInteger & BitwiseCopyable>(
    word: Word, _ bytes: RawSpan
  ) {
    let size = MemoryLayout<Word>.size
    guard let place = unsafe extend(by: size &+ bytes.byteCount) else { return }
    unsafe place.storeBytes(of: word, as: Word.self)
    unsafe bytes.withUnsafeBytes {
      guard let start = $0.baseAddress else { return }
      unsafe (place + size).copyMemory(from: start, byteCount: $0.count)
    }
  }

  public mutating func append(_ text: StaticString) { append(text.bytes) }

  /// Appends a text where it counts how fast: one that is known when this is compiled is a few
  /// stores.
  @inline(__always) public mutating func append(constant text: StaticString) {
    let length = text.utf8CodeUnitCount
    guard let place = unsafe extend(by: length) else { return }
    unsafe place.copyMemory(from: text.utf8Start, byteCount: length)
  }

  /// Where `length` more bytes are, all of which are stored at once; nil when they do not fit.
  ///
  /// - Parameter length: 0 or more, as that of what is there.
  @inline(__always) mutating func extend(by length: Int) -> UnsafeMutableRawPointer? {
    guard length <= capacity &- count else {
      overflowed = true
      return nil
    }
    let place = unsafe base + count
    count &+= length
    return unsafe place
  }

  /// Makes all memory resident; only while it is empty.
  public mutating func touch() {
    precondition(count == 0)
    unsafe touchPages(base, byteCount: capacity)
  }

  /// What was written.
  @inlinable public var bytes: RawSpan {
    @_lifetime(borrow self) get {
      let span = unsafe RawSpan(_unsafeStart: base, byteCount: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The byte written last, nil when there is none.
  public var last: UInt8? {
    count > 0 ? unsafe base.load(fromByteOffset: count - 1, as: UInt8.self) : nil
  }
}
