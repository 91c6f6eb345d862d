#if Deflate
import Memory
import TestSupport
import Testing

@Suite struct InflaterTests {
  private static let hello = Array("Hello".utf8)

  /// RFC 7692, sections 7.2.3.1 and 7.2.3.3 to 7.2.3.6: one block, one that is stored, the last of
  /// a stream, two blocks, nothing.
  private static let samples: [([UInt8], [UInt8])] = [
    ([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], hello),
    ([0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00], hello),
    ([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], hello),
    ([0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00], hello),
    ([0x00], []),
    // Some end with the last block of a stream, without the empty one behind it.
    ([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], hello),
  ]

  @Test func everySampleIsRead() {
    var memory = DeflateMemory(size: 64 << 10)
    var inflater = memory.makeInflater(windowBits: 15)!
    for (bytes, message) in Self.samples {
      inflater.reset()
      #expect(inflated(bytes, by: &inflater) == message, "\(bytes)")
    }
    inflater.end()
    expectEmpty(memory)
  }

  /// Section 7.2.3.2, and the same behind the last block of a stream.
  @Test func theMessagesBeforeAreRemembered() {
    var memory = DeflateMemory(size: 64 << 10)
    var inflater = memory.makeInflater(windowBits: 15)!
    for first in [0, 2, 5] {
      inflater.reset()
      #expect(inflated(Self.samples[first].0, by: &inflater) == Self.hello)
      #expect(inflated([0xF2, 0x00, 0x11, 0x00, 0x00], by: &inflater) == Self.hello)
    }
    inflater.end()
    expectEmpty(memory)
  }

  @Test func aMessageMayBeAsLongAsTheTargetLessOne() {
    var memory = DeflateMemory(size: 1 << 20)
    var deflater = memory.makeDeflater(windowBits: 15, level: 9)!
    var inflater = memory.makeInflater(windowBits: 15)!
    let message = [UInt8](repeating: 0x61, count: 100_000)
    let bytes = deflated(message, by: &deflater)!
    #expect(bytes.count < 150)
    #expect(inflated(bytes, by: &inflater, limit: 100_000) == message)
    for limit in [1, 10, 1000, 99_998, 99_999] {
      var buffer = Buffer(size: limit + 1)
      var target = buffer.mutableBytes(0..<(limit + 1))
      inflater.reset()
      let outcome = inflater.inflate(bytes.span.raw, into: &target)
      #expect(outcome == .tooLong)
    }
    deflater.end()
    inflater.end()
    expectEmpty(memory)
  }

  @Test func whatNoDeflaterWroteIsCorrupt() {
    var memory = DeflateMemory(size: 64 << 10)
    var inflater = memory.makeInflater(windowBits: 15)!
    // Nothing, a block of no kind, a stored one whose length is not its complement, one that ends
    // early, one that refers to what is not there.
    let samples: [[UInt8]] = [
      [], [0x06], [0x00, 0x05, 0x00, 0xFA, 0xFE], [0xF2, 0x48, 0xCD],
      [0xF2, 0x00, 0x11, 0x00, 0x00],
    ]
    for bytes in samples {
      var buffer = Buffer(size: 100)
      var target = buffer.mutableBytes(0..<100)
      inflater.reset()
      let outcome = inflater.inflate(bytes.span.raw, into: &target)
      #expect(outcome == .corrupt, "\(bytes)")
    }
    inflater.end()
    expectEmpty(memory)
  }

  @Test func randomBytesAreReadOrRefused() {
    var memory = DeflateMemory(size: 64 << 10)
    var inflater = memory.makeInflater(windowBits: 9)!
    var random = SplitMix64(seed: 11)
    for _ in 0..<20_000 {
      let bytes = (0..<random.below(40)).map { _ in UInt8.random(in: 0...255, using: &random) }
      inflater.reset()
      let message = inflated(bytes, by: &inflater, limit: 64)
      #expect(message.map { $0.count <= 64 } ?? true)
    }
    inflater.end()
    expectEmpty(memory)
  }
}
#endif
