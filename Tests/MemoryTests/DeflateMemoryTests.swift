#if Deflate
import Memory
import Testing

@Suite struct DeflateMemoryTests {
  @Test(arguments: 9...15)
  func streamsTakeNoMoreThanIsSaidAndGiveItBack(_ bits: Int) {
    var memory = DeflateMemory(size: 1 << 20)
    let deflater = memory.makeDeflater(windowBits: bits, level: 9)!
    let first = memory.used
    #expect(first <= DeflateMemory.deflaterSize(windowBits: bits))
    #expect(2 * first > DeflateMemory.deflaterSize(windowBits: bits))
    let inflater = memory.makeInflater(windowBits: bits)!
    let second = memory.used - first
    #expect(second <= DeflateMemory.inflaterSize(windowBits: bits))
    #expect(2 * second > DeflateMemory.inflaterSize(windowBits: bits))
    deflater.end()
    inflater.end()
    let (left, peak) = (memory.used, memory.peak)
    #expect(left == 0 && peak == first + second)
  }

  @Test func whoFindsTooLittleGetsNone() {
    var memory = DeflateMemory(size: 100 << 10)
    var deflaters: [Int: Bool] = [:]
    let one = memory.makeDeflater(windowBits: 12, level: 6)!
    let two = memory.makeDeflater(windowBits: 12, level: 6)!
    let used = memory.used
    for bits in 12...15 {
      if let more = memory.makeDeflater(windowBits: bits, level: 6) {
        deflaters[bits] = true
        more.end()
      }
    }
    #expect(deflaters.isEmpty)
    // What a stream had taken before it failed is given back.
    let after = memory.used
    #expect(after == used)
    one.end()
    let again = memory.makeDeflater(windowBits: 12, level: 6)
    let againIsThere = again != nil
    #expect(againIsThere)
    if let again { again.end() }
    two.end()
    let left = memory.used
    #expect(left == 0)
  }

  @Test func anInflaterWithoutItsWindowIsNone() {
    var memory = DeflateMemory(size: 24 << 10)
    let wide = memory.makeInflater(windowBits: 15)
    let wideIsThere = wide != nil
    #expect(!wideIsThere)
    if let wide { wide.end() }
    let used = memory.used
    #expect(used == 0)
    let narrow = memory.makeInflater(windowBits: 9)
    let narrowIsThere = narrow != nil
    #expect(narrowIsThere)
    if let narrow { narrow.end() }
    expectEmpty(memory)
  }
}
#endif
