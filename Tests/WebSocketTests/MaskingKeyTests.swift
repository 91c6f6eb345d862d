import Memory
import Testing
import WebSocket

@Suite struct MaskingKeyTests {
  @Test func partsOfAnyLengthMeetTheRightByteOfTheKey() {
    let key: [UInt8] = [1, 20, 130, 240]
    let plain = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) }
    for first in 0...plain.count {
      var bytes = plain.enumerated().map { $1 ^ key[$0 % 4] }
      var masking = MaskingKey(key.span.raw.load(at: 0, as: UInt32.self))
      var span = bytes.mutableSpan
      var raw = span.mutableBytes
      masking.apply(to: &raw, 0..<first)
      masking.apply(to: &raw, first..<plain.count)
      #expect(bytes == plain, "in parts of \(first) and the rest")
    }
  }
}
