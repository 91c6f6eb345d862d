import Memory
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
}
