import Memory
import Testing

@Suite struct RawSpanXorTests {
  /// Every length past two rounds of wide blocks, at every alignment; nothing beside it changes.
  @Test func combinesLikeANaiveLoop() {
    let plain = (0..<620).map { UInt8(truncatingIfNeeded: $0) &* 7 &+ 3 }
    let pattern: [UInt8] = [0xDE, 0xAD, 0x00, 0x7F]
    let word = pattern.span.bytes.load(at: 0, as: UInt32.self)
    var differing: [Range<Int>] = []
    for offset in 0...16 {
      for length in 0...600 {
        let range = offset..<(offset + length)
        var expected = plain
        for place in range { expected[place] ^= pattern[(place - offset) & 3] }
        var bytes = plain
        var elements = bytes.mutableSpan
        var span = elements.mutableBytes
        span.xor(range, with: word)
        if bytes != expected { differing.append(range) }
      }
    }
    #expect(differing.isEmpty)
  }

  @Test func anEmptySpanStaysOne() {
    var bytes: [UInt8] = []
    var elements = bytes.mutableSpan
    var span = elements.mutableBytes
    span.xor(0..<0, with: 1)
    #expect(bytes.isEmpty)
  }

  @Test func aRangeThatSticksOutIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var buffer = Buffer(size: 8)
      var span = buffer.mutableBytes(0..<8)
      span.xor(1..<9, with: 1)
    }
  }
}
