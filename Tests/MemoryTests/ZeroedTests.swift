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

  @Test func numbersBeginWithZero() {
    #expect(FixedArray<UInt8>(zeroed: 3).values == [0, 0, 0])
    #expect(FixedArray<UInt32>(zeroed: 3).values == [0, 0, 0])
    #expect(FixedArray<UInt64>(zeroed: 3).values == [0, 0, 0])
    let many = FixedArray<UInt64>(zeroed: 10_000).values
    #expect(many.count == 10_000 && many.allSatisfy { $0 == 0 })
  }

  @Test func aTextBeginsEmpty() {
    #expect(FixedArray<ShortText>(zeroed: 2).values == [ShortText(), ShortText()])
  }

  @Test func anArrayOfNoneIsEmpty() {
    #expect(FixedArray<UInt64>(zeroed: 0).values == [])
  }

  /// The bytes between the fields of such an element have no value, and nothing may depend on them.
  @Test func anElementWithGapsIsWrittenWhateverItsValue() {
    struct Gapped: BitwiseCopyable {
      var small: UInt8
      var large: UInt64
    }
    for (small, large) in [(0, 0), (0, 1), (1, 0), (1, UInt64.max)] as [(UInt8, UInt64)] {
      let all = FixedArray(repeating: Gapped(small: small, large: large), count: 1000).values
      #expect(all.count == 1000)
      #expect(all.allSatisfy { $0.small == small && $0.large == large })
    }
  }
}

extension FixedArray where Element: BitwiseCopyable {
  fileprivate var values: [Element] { (0..<count).map { self[$0] } }
}
