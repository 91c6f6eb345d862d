/// A chain that was put away in a table, as plain numbers: whoever put it there takes it out once.
@frozen public struct StoredChain: BitwiseCopyable {
  let first: UInt32
  let last: UInt32
  /// Bytes in all.
  public let count: UInt32

  /// No bytes.
  public init() { self.init(first: .max, last: .max, count: 0) }

  init(first: UInt32, last: UInt32, count: UInt32) {
    self.first = first
    self.last = last
    self.count = count
  }
}

extension SlotChain {
  /// Puts the chain away; it is empty afterwards.
  public mutating func putAway() -> StoredChain {
    let stored = StoredChain(first: first, last: last, count: count)
    (first, last, count) = (.max, .max, 0)
    return stored
  }
}

extension SlotPool {
  /// Slots that `length` bytes take.
  public func slotsNeeded(for length: Int) -> Int { (length + slotSize - 1) / slotSize }

  /// Gives back every slot of a chain that was put away.
  public mutating func giveBack(_ stored: StoredChain) {
    var chain = SlotChain()
    (chain.first, chain.last, chain.count) = (stored.first, stored.last, stored.count)
    giveBack(&chain)
  }

  /// Whether a chain begins with `bytes`.
  public func begins(_ stored: StoredChain, with bytes: RawSpan) -> Bool {
    guard bytes.byteCount <= Int(stored.count) else { return false }
    var (slot, offset) = (stored.first, 0)
    while offset < bytes.byteCount {
      let length = min(slotSize, bytes.byteCount - offset)
      let part = unsafe RawSpan(_unsafeStart: address(slot), byteCount: length)
      guard part.equals(bytes.extracting(offset..<(offset + length))) else { return false }
      offset += length
      if offset < bytes.byteCount { unsafe slot = links[Int(slot)] }
    }
    return true
  }
}

extension ByteWriter {
  /// Appends a chain that lies in `pool`, without its first `skipped` bytes, or what fits of it.
  public mutating func append(
    _ stored: StoredChain, in pool: borrowing SlotPool, skipping skipped: Int = 0
  ) {
    var (slot, left, start) = (stored.first, Int(stored.count), skipped)
    while left > 0 {
      let length = min(pool.slotSize, left)
      if start < length {
        append(unsafe RawSpan(_unsafeStart: pool.address(slot) + start, byteCount: length - start))
      }
      start = max(0, start - length)
      left -= length
      if left > 0 { unsafe slot = pool.links[Int(slot)] }
    }
  }
}
