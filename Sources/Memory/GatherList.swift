/// Parts of slots that one system call writes in order (POSIX `iovec`s).
///
/// It borrows the pool, so no slot can be given back while the list is in use.
@safe @frozen public struct GatherList: ~Copyable, ~Escapable {
  /// Laid out like `struct iovec`.
  @unsafe @frozen public struct Part: BitwiseCopyable {
    public let start: UnsafeMutableRawPointer?
    public let length: Int
    @inlinable init(start: UnsafeMutableRawPointer?, length: Int) {
      unsafe self.start = start
      unsafe self.length = length
    }
  }

  /// Parts at most.
  @inlinable public static var capacity: Int { 32 }

  @usableFromInline let storage: UnsafeMutableRawPointer
  @usableFromInline let links: UnsafeMutablePointer<UInt32>
  @usableFromInline let slotSize: Int
  @usableFromInline var parts = unsafe InlineArray<32, Part>(
    repeating: Part(start: nil, length: 0))
  public private(set) var count = 0
  /// Bytes of all parts.
  public private(set) var byteCount = 0
  @usableFromInline let limit: Int

  /// - Parameter limit: bytes that it takes at most.
  @_lifetime(borrow pool)
  public init(over pool: borrowing SlotPool, limit: Int = .max) {
    self.limit = limit
    unsafe storage = pool.storage
    unsafe links = pool.links
    slotSize = pool.slotSize
  }

  public var isFull: Bool { count == GatherList.capacity || byteCount == limit }

  /// Adds `range` of `slot`, and as much of the slots linked to it as there is room for; the list
  /// must not be full.
  @_lifetime(self: copy self)
  public mutating func append(_ slot: borrowing Slot, _ range: Range<Int>) {
    append(slot.index, range)
    var next = unsafe links[Int(slot.index)]
    while next != SlotPool.none, !isFull {
      append(next, 0..<slotSize)
      unsafe next = links[Int(next)]
    }
  }

  @_lifetime(self: copy self)
  private mutating func append(_ index: UInt32, _ range: Range<Int>) {
    precondition(count < GatherList.capacity)
    precondition(range.lowerBound >= 0 && range.upperBound <= slotSize)
    let start = unsafe storage + (Int(index) * slotSize + range.lowerBound)
    let length = min(range.count, limit - byteCount)
    unsafe parts[count] = Part(start: start, length: length)
    count += 1
    byteCount += length
  }

  /// For the host's system call only.
  @unsafe public func withParts<Result>(_ body: (UnsafePointer<Part>, Int) -> Result) -> Result {
    unsafe parts.span.withUnsafeBufferPointer { unsafe body($0.baseAddress!, count) }
  }
}
