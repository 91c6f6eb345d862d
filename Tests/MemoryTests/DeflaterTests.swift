#if Deflate
import Memory
import TestSupport
import Testing

@Suite struct DeflaterTests {
  /// Text of few words, by lot.
  private func text(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
    let words = ["step", "room", "{\"type\":", "\"message\"", "lobby", "0.123", "äöü", ", "]
    var bytes: [UInt8] = []
    while bytes.count < count { bytes += Array(words[random.below(words.count)].utf8) }
    return Array(bytes.prefix(count))
  }

  @Test(arguments: 9...15)
  func whatIsDeflatedIsInflatedAgain(_ bits: Int) {
    var memory = DeflateMemory(size: 1 << 20)
    var deflater = memory.makeDeflater(windowBits: bits, level: 1 + bits % 9)!
    var inflater = memory.makeInflater(windowBits: bits)!
    var random = SplitMix64(seed: UInt64(bits))
    for _ in 0..<300 {
      let message = text(1 + random.below(5000), &random)
      guard let bytes = deflated(message, by: &deflater) else { continue }
      #expect(bytes.count < message.count)
      #expect(inflated(bytes, by: &inflater, limit: 5000) == message)
    }
    deflater.end()
    inflater.end()
    expectEmpty(memory)
  }

  @Test func aMessageRefersToThoseBeforeUntilTheyAreForgotten() {
    var memory = DeflateMemory(size: 1 << 20)
    var deflater = memory.makeDeflater(windowBits: 12, level: 6)!
    var inflater = memory.makeInflater(windowBits: 12)!
    var random = SplitMix64(seed: 7)
    let message = text(300, &random)
    let first = deflated(message, by: &deflater)!
    let second = deflated(message, by: &deflater)!
    #expect(second.count < 12)
    deflater.reset()
    #expect(deflated(message, by: &deflater) == first)
    #expect(inflated(first, by: &inflater) == message)
    #expect(inflated(second, by: &inflater) == message)
    inflater.reset()
    #expect(inflated(second, by: &inflater) == nil)
    deflater.end()
    inflater.end()
    expectEmpty(memory)
  }

  @Test func aMessageThatDoesNotGetSmallerIsNoneAndIsForgotten() {
    var memory = DeflateMemory(size: 1 << 20)
    var deflater = memory.makeDeflater(windowBits: 12, level: 6)!
    var inflater = memory.makeInflater(windowBits: 12)!
    var random = SplitMix64(seed: 8)
    let message = text(300, &random)
    let noise = (0..<3000).map { _ in UInt8.random(in: 0...255, using: &random) }
    _ = deflated(message, by: &deflater)
    #expect(deflated(noise, by: &deflater) == nil)
    // Nothing refers to what was not sent, nor to what was before it.
    let bytes = deflated(message, by: &deflater)!
    #expect(inflated(bytes, by: &inflater) == message)
    deflater.end()
    inflater.end()
    expectEmpty(memory)
  }

  @Test func itWritesNoFurtherThanTheWriterReaches() {
    var memory = DeflateMemory(size: 1 << 20)
    var deflater = memory.makeDeflater(windowBits: 12, level: 6)!
    var random = SplitMix64(seed: 9)
    let message = text(2000, &random)
    let size = deflated(message, by: &deflater)!.count
    for capacity in 1..<(size + 20) {
      deflater.reset()
      var writer = ByteWriter(capacity: capacity)
      let isDone = deflater.deflate(message.span.raw, into: &writer, limit: 1999)
      #expect(isDone == (capacity >= size + Deflater.overhead), "\(capacity) of \(size)")
    }
    deflater.end()
    expectEmpty(memory)
  }
}

/// All was given back. It is the last use of the memory, too, which goes with it: streams must not
/// outlive it.
func expectEmpty(
  _ memory: borrowing DeflateMemory, at location: SourceLocation = #_sourceLocation
) {
  let used = memory.used
  #expect(used == 0, sourceLocation: location)
}

/// The message deflated, nil when it does not get smaller.
func deflated(_ message: [UInt8], by deflater: inout Deflater) -> [UInt8]? {
  var writer = ByteWriter(capacity: message.count + Deflater.overhead)
  guard deflater.deflate(message.span.raw, into: &writer, limit: message.count - 1) else {
    return nil
  }
  return written(writer)
}

private func written(_ writer: borrowing ByteWriter) -> [UInt8] {
  let bytes = writer.bytes
  return (0..<bytes.byteCount).map { bytes[$0] }
}

/// What `bytes` were, nil when they are no message or too long.
func inflated(
  _ bytes: [UInt8], by inflater: inout Inflater, limit: Int = 1000
) -> [UInt8]? {
  var buffer = Buffer(size: limit + 1)
  var target = buffer.mutableBytes(0..<(limit + 1))
  guard case .whole(let count) = inflater.inflate(bytes.span.raw, into: &target) else {
    return nil
  }
  return (0..<count).map { target.bytes[$0] }
}
#endif
