/// A sequence of bytes in as many slots of one pool as it takes, in order.
///
/// It has to be given back to its pool before it goes.
@frozen public struct SlotChain: ~Copyable {
  var first: UInt32 = .max
  var last: UInt32 = .max
  /// Bytes in all.
  public internal(set) var count: UInt32 = 0

  public init() {}
  deinit { assert(first == .max, "a chain was dropped: give it back to its pool") }

  public var isEmpty: Bool { count == 0 }
}

extension SlotPool {
  /// Slots that it takes to append `length` bytes to `chain`.
  public func slotsNeeded(toAppend length: Int, to chain: borrowing SlotChain) -> Int {
    let room = (slotSize - Int(chain.count) % slotSize) % slotSize
    return length <= room ? 0 : (length - room - 1) / slotSize + 1
  }

  /// Returns false, with nothing appended, when the pool has too few slots left.
  public mutating func append(_ bytes: RawSpan, to chain: inout SlotChain) -> Bool {
    guard slotsNeeded(toAppend: bytes.byteCount, to: chain) <= available else { return false }
    var offset = 0
    while offset < bytes.byteCount {
      let used = Int(chain.count) % slotSize
      if used == 0 {
        guard let slot = take() else { return false }
        extend(&chain, by: slot)
      }
      let length = min(slotSize - used, bytes.byteCount - offset)
      let part = bytes.extracting(offset..<(offset + length))
      unsafe part.withUnsafeBytes {
        unsafe (address(chain.last) + used).copyMemory(
          from: $0.baseAddress!, byteCount: length)
      }
      chain.count += UInt32(length)
      offset += length
    }
    return true
  }

  private mutating func extend(_ chain: inout SlotChain, by slot: consuming Slot) {
    let index = slot.index
    slot.retire()
    if chain.first == .max { chain.first = index } else { unsafe links[Int(chain.last)] = index }
    chain.last = index
  }

  /// Copies all of `chain` to the start of `target`, which must have room for it.
  public func copy(_ chain: borrowing SlotChain, to target: inout MutableRawSpan) {
    precondition(Int(chain.count) <= target.byteCount)
    var (slot, offset) = (chain.first, 0)
    while offset < Int(chain.count) {
      let length = min(slotSize, Int(chain.count) - offset)
      let part = unsafe RawSpan(_unsafeStart: address(slot), byteCount: length)
      target.copy(part, to: offset)
      offset += length
      unsafe slot = links[Int(slot)]
    }
  }

  /// Gives back every slot; the chain is empty afterwards.
  public mutating func giveBack(_ chain: inout SlotChain) {
    if chain.first != .max { giveBack(Slot(index: chain.first)) }
    chain.first = .max
    chain.last = .max
    chain.count = 0
  }
}
