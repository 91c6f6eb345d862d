/// Equal slots of bytes in one allocation made at start; a slot may be shared by several holders.
@safe @frozen public struct SlotPool: ~Copyable {
  @usableFromInline let storage: UnsafeMutableRawPointer
  /// Per slot: the slot that goes on where it ends, or `none`; while it is free, the one that was
  /// given back before it.
  @usableFromInline let links: UnsafeMutablePointer<UInt32>
  /// Per slot: how many holders it has.
  @usableFromInline let shares: UnsafeMutablePointer<UInt32>
  @usableFromInline var firstFree: UInt32 = SlotPool.none
  /// Slots below were taken at least once: the others' memory was never touched.
  @usableFromInline var touched: Int = 0
  /// Bytes.
  public let slotSize: Int
  public let capacity: Int
  public private(set) var available: Int
  /// The most slots that were held at once.
  public private(set) var peak: Int = 0

  @inlinable static var none: UInt32 { .max }

  /// Bytes of bookkeeping a slot.
  public static var overhead: Int { 2 * MemoryLayout<UInt32>.stride }

  /// - Parameters:
  ///   - capacity: 1 to 2^31 - 1 slots.
  ///   - slotSize: bytes, at least 1; rounded up to a multiple of 16.
  public init(capacity: Int, slotSize: Int) {
    precondition(capacity > 0 && capacity <= Int(Int32.max) && slotSize > 0)
    self.slotSize = (slotSize + 15) & ~15
    self.capacity = capacity
    available = capacity
    unsafe storage = takeZeroed(capacity * self.slotSize)
    unsafe links = takeZeroed(capacity, of: UInt32.self)
    unsafe shares = takeZeroed(capacity, of: UInt32.self)
  }

  deinit {
    unsafe giveBackZeroed(storage, capacity * slotSize)
    unsafe giveBackZeroed(links, capacity)
    unsafe giveBackZeroed(shares, capacity)
  }

  /// Nil when the pool is empty: the caller stops reading, it does not wait.
  public mutating func take() -> Slot? {
    let index: UInt32
    if firstFree != SlotPool.none {
      index = firstFree
      unsafe firstFree = links[Int(index)]
    } else if touched < capacity {
      index = UInt32(touched)
      touched += 1
    } else {
      return nil
    }
    unsafe links[Int(index)] = SlotPool.none
    unsafe shares[Int(index)] = 1
    available -= 1
    peak = max(peak, capacity - available)
    return Slot(index: index)
  }

  /// One more share of the same bytes, for one more holder.
  @inlinable public mutating func share(_ slot: borrowing Slot) -> Slot {
    precondition(Int(slot.index) < touched)
    unsafe shares[Int(slot.index)] += 1
    return Slot(index: slot.index)
  }

  /// Whether nobody else holds this slot, so that its holder may write to it.
  @inlinable public func isExclusive(_ slot: borrowing Slot) -> Bool {
    precondition(Int(slot.index) < touched)
    return unsafe shares[Int(slot.index)] == 1
  }

  /// Gives one share back. The last holder of a slot gives back its share of the linked one, too.
  public mutating func giveBack(_ slot: consuming Slot) {
    let index = slot.index
    slot.retire()
    release(index)
  }

  private mutating func release(_ first: UInt32) {
    var index = first
    while true {
      precondition(
        unsafe Int(index) < touched && shares[Int(index)] > 0,
        "a slot given back twice, or elsewhere")
      unsafe shares[Int(index)] -= 1
      guard unsafe shares[Int(index)] == 0 else { return }
      let next = unsafe links[Int(index)]
      unsafe links[Int(index)] = firstFree
      firstFree = index
      available += 1
      guard next != SlotPool.none else { return }
      index = next
    }
  }

  // MARK: Links, for what is longer than a slot

  /// Makes `next` go on where `slot` ends; whoever holds `slot` then holds `next` with it.
  public mutating func link(_ slot: borrowing Slot, to next: consuming Slot) {
    let index = next.index
    next.retire()
    precondition(unsafe Int(slot.index) < touched && links[Int(slot.index)] == SlotPool.none)
    unsafe links[Int(slot.index)] = index
  }

  /// Whether another slot goes on where this one ends.
  @inlinable public func isLinked(_ slot: borrowing Slot) -> Bool {
    precondition(Int(slot.index) < touched)
    return unsafe links[Int(slot.index)] != SlotPool.none
  }

  /// Slots from this one to the last of those linked to it.
  public func linkedCount(_ slot: borrowing Slot) -> Int {
    precondition(Int(slot.index) < touched)
    var (count, next) = unsafe (1, links[Int(slot.index)])
    while next != SlotPool.none {
      count += 1
      unsafe next = links[Int(next)]
    }
    return count
  }

  /// Moves from a slot to the one linked to it, which must be there.
  public mutating func advance(_ slot: inout Slot) {
    precondition(isLinked(slot))
    let (index, next) = unsafe (slot.index, links[Int(slot.index)])
    unsafe shares[Int(next)] += 1
    slot.index = next
    release(index)
  }

  /// Whether two rights are to the same slot.
  @inlinable public func isSame(_ one: borrowing Slot, _ other: borrowing Slot) -> Bool {
    one.index == other.index
  }

  @inlinable func address(_ index: UInt32) -> UnsafeMutableRawPointer {
    precondition(Int(index) < touched)
    return unsafe storage + Int(index) * slotSize
  }

  @_lifetime(borrow self)
  @inlinable public func bytes(of slot: borrowing Slot) -> RawSpan {
    let span = unsafe RawSpan(_unsafeStart: address(slot.index), byteCount: slotSize)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  @_lifetime(&self)
  @inlinable public mutating func mutableBytes(of slot: borrowing Slot) -> MutableRawSpan {
    let span = unsafe MutableRawSpan(_unsafeStart: address(slot.index), byteCount: slotSize)
    return unsafe _overrideLifetime(span, mutating: &self)
  }

  /// Copies `bytes` into `slot` from `offset` on; they must fit.
  @inlinable public mutating func write(
    _ bytes: RawSpan, to slot: borrowing Slot, at offset: Int
  ) {
    var target = mutableBytes(of: slot)
    target.copy(bytes, to: offset)
  }

  /// Copies a part of one slot into another one, from `offset` on; it must fit.
  public mutating func copy(
    _ range: Range<Int>, of source: borrowing Slot, to slot: borrowing Slot, at offset: Int
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= slotSize)
    precondition(offset >= 0 && offset <= slotSize - range.count && source.index != slot.index)
    let from = unsafe UnsafeRawPointer(address(source.index) + range.lowerBound)
    unsafe (address(slot.index) + offset).copyMemory(from: from, byteCount: range.count)
  }

  /// Makes the memory of the slots resident that were not taken yet.
  public mutating func touch() {
    let used = touched * slotSize
    unsafe touchPages(storage + used, byteCount: capacity * slotSize - used)
    for index in touched..<capacity { unsafe (links[index], shares[index]) = (0, 0) }
  }
}

/// One share of one slot. It cannot be copied, so it cannot be given back twice; losing one is
/// caught in debug builds.
@frozen public struct Slot: ~Copyable {
  @usableFromInline var index: UInt32
  @inlinable init(index: UInt32) { self.index = index }
  @inlinable consuming func retire() { discard self }
  deinit { assertionFailure("a slot was dropped: give it back to its pool") }
}
