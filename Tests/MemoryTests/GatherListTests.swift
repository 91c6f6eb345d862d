import Memory
import Testing

@Suite struct GatherListTests {
  @Test func listsPartsInOrder() {
    var pool = SlotPool(capacity: 2, slotSize: 16)
    let a = pool.take()!
    let b = pool.take()!
    pool.write(literal("abcdefghijklmnop"), to: a, at: 0)
    pool.write(literal("ABCDEFGHIJKLMNOP"), to: b, at: 0)
    do {
      var list = GatherList(over: pool)
      list.append(b, 1..<3)
      list.append(a, 0..<16)
      list.append(b, 15..<16)
      let (count, byteCount) = (list.count, list.byteCount)
      #expect(count == 3)
      #expect(byteCount == 19)
      let text = list.withParts { parts, count in
        (0..<count).map { index in
          String(
            decoding: UnsafeRawBufferPointer(start: parts[index].start, count: parts[index].length),
            as: UTF8.self)
        }
      }
      #expect(text == ["BC", "abcdefghijklmnop", "P"])
    }
    pool.giveBack(a)
    pool.giveBack(b)
  }

  @Test func takesNoMoreThanItsLimit() {
    var pool = SlotPool(capacity: 3, slotSize: 16)
    let a = pool.take()!
    let b = pool.take()!
    pool.link(a, to: pool.take()!)
    do {
      var list = GatherList(over: pool, limit: 20)
      list.append(a, 4..<16)
      let (isFull, byteCount) = (list.isFull, list.byteCount)
      #expect(isFull)
      #expect(byteCount == 20)
      var exact = GatherList(over: pool, limit: 16)
      exact.append(b, 0..<16)
      let isExact = exact.isFull
      #expect(isExact)
    }
    pool.giveBack(a)
    pool.giveBack(b)
  }

  @Test func isFullAtItsCapacity() {
    var pool = SlotPool(capacity: 1, slotSize: 16)
    let slot = pool.take()!
    do {
      var list = GatherList(over: pool)
      for _ in 0..<GatherList.capacity {
        let isFull = list.isFull
        #expect(!isFull)
        list.append(slot, 0..<1)
      }
      let isFull = list.isFull
      #expect(isFull)
    }
    pool.giveBack(slot)
  }

  @Test func aPartEndsInsideItsSlot() async {
    await #expect(processExitsWith: .failure) {
      var pool = SlotPool(capacity: 2, slotSize: 16)
      let slot = pool.take()!
      var list = GatherList(over: pool)
      list.append(slot, 0..<17)
      _ = consume list
      pool.giveBack(slot)
    }
  }

  @Test func aPartStartsInsideItsSlot() async {
    await #expect(processExitsWith: .failure) {
      var pool = SlotPool(capacity: 2, slotSize: 16)
      let slot = pool.take()!
      var list = GatherList(over: pool)
      list.append(slot, -1..<1)
      _ = consume list
      pool.giveBack(slot)
    }
  }
}
