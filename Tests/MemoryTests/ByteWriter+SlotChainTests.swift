import Memory
import Testing

@Suite struct ByteWriterSlotChainTests {
  @Test(arguments: [0, 1, 15, 16, 17, 48, 50]) func allOfAChainIsAppended(_ size: Int) {
    var pool = SlotPool(capacity: 6, slotSize: 16)
    var chain = SlotChain()
    var other = SlotChain()
    let bytes = (0..<size).map { UInt8($0) }
    for byte in bytes {
      // What is appended in turn to another one makes its slots lie apart.
      let fits = pool.append([byte].span.raw, to: &chain)
      #expect(fits)
      if byte == 20 { _ = pool.append([byte].span.raw, to: &other) }
    }
    var writer = ByteWriter(capacity: 60)
    writer.append(UInt8(99))
    writer.append(chain, in: pool)
    let written = (0..<writer.count).map { writer.bytes[$0] }
    #expect(written == [99] + bytes)
    pool.giveBack(&chain)
    pool.giveBack(&other)
  }

  @Test func whatDoesNotFitIsLeftOut() {
    var pool = SlotPool(capacity: 3, slotSize: 16)
    var chain = SlotChain()
    let fits = pool.append([UInt8](repeating: 7, count: 40).span.raw, to: &chain)
    #expect(fits)
    var writer = ByteWriter(capacity: 39)
    writer.append(chain, in: pool)
    let overflowed = writer.overflowed
    #expect(overflowed)
    pool.giveBack(&chain)
  }
}
