import Memory
import Testing

/// How much of a table is resident is for Tests/Conformance/memory to say: this is about the bits.
@Suite struct ZeroedTests {
  @Test func smallAndLargeBuffersBeginWithZeros() {
    for size in [1, 63, 4095, 4096, 100_000] {
      for _ in 0..<3 {
        var buffer = Buffer(size: size)
        let first = (0..<size).allSatisfy { buffer.bytes[$0] == 0 }
        #expect(first, "\(size) bytes")
        // What a later buffer may get again.
        var bytes = buffer.mutableBytes(0..<size)
        for offset in 0..<size { bytes.storeBytes(of: 0xFF, toByteOffset: offset, as: UInt8.self) }
      }
    }
  }

  @Test func anElementWithoutABitSetIsRepeatedAsItIs() {
    let zeros = FixedArray(repeating: UInt64(0), count: 10_000)
    #expect((0..<zeros.count).allSatisfy { zeros[$0] == 0 })
    let texts = FixedArray(repeating: ShortText(), count: 100)
    #expect((0..<texts.count).allSatisfy { texts[$0].isEmpty })
  }

  @Test func anElementWithOneBitSetIsWritten() {
    let last = FixedArray(repeating: UInt64(1) << 63, count: 10_000)
    #expect((0..<last.count).allSatisfy { last[$0] == 1 << 63 })
    let first = FixedArray(repeating: UInt8(1), count: 10_000)
    #expect((0..<first.count).allSatisfy { first[$0] == 1 })
  }
}
