import Testing

@testable import Memory

@Suite struct StoredChainTests {
  private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0) } }

  @Test func putAwayAndTakenOut() {
    var pool = SlotPool(capacity: 4, slotSize: 16)
    for length in 1...64 {
      var chain = SlotChain()
      let isHeld = pool.append(bytes(length).span.raw, to: &chain)
      #expect(isHeld)
      let stored = chain.putAway()
      #expect(stored.count == length)
      let isEmpty = chain.isEmpty
      #expect(isEmpty)
      let (slots, needed) = (4 - pool.available, pool.slotsNeeded(for: length))
      #expect(slots == needed)
      pool.giveBack(stored)
      let available = pool.available
      #expect(available == 4)
    }
  }

  @Test func whatItBeginsWith() {
    var pool = SlotPool(capacity: 4, slotSize: 16)
    var chain = SlotChain()
    _ = pool.append(bytes(40).span.raw, to: &chain)
    let stored = chain.putAway()
    for length in 0...41 {
      let begins = pool.begins(stored, with: bytes(length).span.raw)
      #expect(begins == (length <= 40))
      guard length > 0 else { continue }
      var other = bytes(length)
      other[length - 1] ^= 1
      let isOther = pool.begins(stored, with: other.span.raw)
      #expect(!isOther)
    }
    pool.giveBack(stored)
  }

  @Test func appendedWithoutItsFirstBytes() {
    var pool = SlotPool(capacity: 4, slotSize: 16)
    var chain = SlotChain()
    _ = pool.append(bytes(50).span.raw, to: &chain)
    let stored = chain.putAway()
    for skipped in 0...51 {
      var writer = ByteWriter(capacity: 64)
      writer.append(stored, in: pool, skipping: skipped)
      let written = (0..<writer.count).map { writer.bytes[$0] }
      #expect(written == Array(bytes(50).dropFirst(skipped)))
    }
    pool.giveBack(stored)
  }
}
