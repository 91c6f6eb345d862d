import Memory
import TestSupport
import Testing

@Suite struct SlotPoolTests {
  @Test func aSharedSlotComesBackWhenItsLastHolderLetsGo() {
    var pool = SlotPool(capacity: 2, slotSize: 32)
    let first = pool.take()!
    let second = pool.share(first)
    #expect(pool.available == 1)
    let sharedWasExclusive = pool.isExclusive(second)
    #expect(!sharedWasExclusive)
    pool.giveBack(first)
    #expect(pool.available == 1)
    let lastIsExclusive = pool.isExclusive(second)
    #expect(lastIsExclusive)
    pool.giveBack(second)
    #expect(pool.available == 2)
    #expect(pool.peak == 1)
  }

  @Test func anEmptyPoolSaysSo() {
    var pool = SlotPool(capacity: 1, slotSize: 16)
    let slot = pool.take()!
    if let another = pool.take() {
      Issue.record("a pool of one gave two")
      pool.giveBack(another)
    }
    pool.giveBack(slot)
    #expect(pool.available == 1)
  }

  @Test func slotsDoNotOverlap() {
    var pool = SlotPool(capacity: 2, slotSize: 20)
    let a = pool.take()!
    let b = pool.take()!
    var bytes = pool.mutableBytes(of: a)
    for offset in 0..<bytes.byteCount { bytes[offset] = 0xAA }
    bytes = pool.mutableBytes(of: b)
    for offset in 0..<bytes.byteCount { bytes[offset] = 0xBB }
    let size = pool.bytes(of: a).byteCount
    let endOfFirst = pool.bytes(of: a)[31]
    let startOfSecond = pool.bytes(of: b)[0]
    #expect(size == 32)
    #expect(endOfFirst == 0xAA)
    #expect(startOfSecond == 0xBB)
    pool.giveBack(a)
    pool.giveBack(b)
  }

  @Test func slotsComeBackInAnyOrder() {
    var random = SplitMix64(seed: 3)
    var pool = SlotPool(capacity: 5, slotSize: 16)
    var held = RingTable<Slot>(rings: 1, capacity: 5, layout: .placeByPlace)
    for _ in 0..<2_000 {
      let count = held.count(of: 0)
      if random.below(2) == 0, let slot = pool.take() {
        let refused = held.push(slot, to: 0)
        if let refused { pool.giveBack(refused) }
        #expect(held.count(of: 0) == count + 1)
      } else if let slot = random.below(2) == 0 ? held.popFirst(of: 0) : held.popLast(of: 0) {
        pool.giveBack(slot)
      }
      #expect(pool.available == 5 - held.count(of: 0))
    }
    while let slot = held.popFirst(of: 0) { pool.giveBack(slot) }
    #expect(pool.available == 5)
    #expect(pool.peak == 5)
  }

  @Test func touchingLeavesWhatIsHeldAlone() {
    var pool = SlotPool(capacity: 3, slotSize: 4096)
    let slot = pool.take()!
    pool.write(([0xAA] as [UInt8]).span.bytes, to: slot, at: 0)
    pool.touch()
    let kept = pool.bytes(of: slot)[0]
    #expect(kept == 0xAA)
    pool.giveBack(slot)
    #expect(pool.available == 3)
  }

  @Test func aWriteThatSticksOutIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var pool = SlotPool(capacity: 2, slotSize: 16)
      let slot = pool.take()!
      pool.write(literal("ab"), to: slot, at: 15)
      pool.giveBack(slot)
    }
  }

  @Test func aSlotThatThePoolNeverGaveOutIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var small = SlotPool(capacity: 1, slotSize: 16)
      var large = SlotPool(capacity: 2, slotSize: 16)
      let first = large.take()!
      let foreign = large.take()!
      _ = small.isExclusive(foreign)
      small.giveBack(foreign)
      large.giveBack(first)
    }
  }
}
