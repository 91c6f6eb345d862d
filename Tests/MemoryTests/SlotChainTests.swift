import Memory
import Testing

@Suite struct SlotChainTests {
  /// Appends in steps of every size; what is copied out is what went in, in order.
  @Test func everyStepSizeGivesTheSameBytes() {
    let bytes = (0..<100).map { UInt8($0) }
    for step in 1...100 {
      var pool = SlotPool(capacity: 7, slotSize: 16)
      var chain = SlotChain()
      for start in stride(from: 0, to: bytes.count, by: step) {
        let part = Array(bytes[start..<min(start + step, bytes.count)])
        let appended = append(part, to: &chain, in: &pool)
        #expect(appended)
        let end = start + part.count
        #expect(pool.available == 7 - (end + 15) / 16)
      }
      #expect(contents(of: chain, in: pool) == bytes)
      pool.giveBack(&chain)
      #expect(pool.available == 7)
    }
  }

  @Test(arguments: [(0, 15, 1), (0, 16, 1), (0, 17, 2), (15, 1, 0), (15, 2, 1), (16, 1, 1)])
  func countsTheSlotsNeeded(held: Int, more: Int, slots: Int) {
    var pool = SlotPool(capacity: 4, slotSize: 16)
    var chain = SlotChain()
    let appended = append([UInt8](repeating: 1, count: held), to: &chain, in: &pool)
    #expect(appended)
    let needed = pool.slotsNeeded(toAppend: more, to: chain)
    #expect(needed == slots)
    pool.giveBack(&chain)
  }

  @Test func nothingTakesNoSlot() {
    var pool = SlotPool(capacity: 1, slotSize: 16)
    var chain = SlotChain()
    for _ in 0..<1_000 {
      let appended = pool.append(RawSpan(), to: &chain)
      #expect(appended)
    }
    let isEmpty = chain.isEmpty
    #expect(isEmpty)
    #expect(pool.peak == 0)
    pool.giveBack(&chain)
    #expect(pool.available == 1)
  }

  @Test func aPoolWithTooFewSlotsAppendsNothing() {
    var pool = SlotPool(capacity: 2, slotSize: 16)
    var chain = SlotChain()
    let first = append((0..<10).map { UInt8($0) }, to: &chain, in: &pool)
    let tooMuch = append([UInt8](repeating: 0xFF, count: 23), to: &chain, in: &pool)
    #expect(first)
    #expect(!tooMuch)
    #expect(contents(of: chain, in: pool) == (0..<10).map { UInt8($0) })
    #expect(pool.available == 1)
    let exact = append((10..<32).map { UInt8($0) }, to: &chain, in: &pool)
    #expect(exact)
    #expect(contents(of: chain, in: pool) == (0..<32).map { UInt8($0) })
    pool.giveBack(&chain)
    #expect(pool.available == 2)
  }

  @Test func noLengthIsTooLongToAskFor() {
    let pool = SlotPool(capacity: 1, slotSize: 16)
    let chain = SlotChain()
    let needed = pool.slotsNeeded(toAppend: .max, to: chain)
    #expect(needed == Int.max / 16 + 1)
  }

  @Test func chainsOfOnePoolDoNotMix() {
    var pool = SlotPool(capacity: 6, slotSize: 16)
    var odd = SlotChain()
    var even = SlotChain()
    for value in 0..<UInt8(90) {
      let kept: Bool
      if value % 2 == 1 {
        kept = append([value], to: &odd, in: &pool)
      } else {
        kept = append([value], to: &even, in: &pool)
      }
      #expect(kept)
    }
    #expect(contents(of: odd, in: pool) == (0..<90).filter { $0 % 2 == 1 })
    pool.giveBack(&odd)
    #expect(contents(of: even, in: pool) == (0..<90).filter { $0 % 2 == 0 })
    pool.giveBack(&even)
    #expect(pool.available == 6)
  }

  private func append(
    _ bytes: [UInt8], to chain: inout SlotChain, in pool: inout SlotPool
  ) -> Bool {
    pool.append(bytes.span.bytes, to: &chain)
  }

  private func contents(of chain: borrowing SlotChain, in pool: borrowing SlotPool) -> [UInt8] {
    var buffer = Buffer(size: Int(chain.count) + 1)
    var target = buffer.mutableBytes(0..<Int(chain.count))
    pool.copy(chain, to: &target)
    return (0..<Int(chain.count)).map { target[$0] }
  }
}
