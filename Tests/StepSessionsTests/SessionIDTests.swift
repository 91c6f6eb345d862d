import Memory
import Testing

@testable import StepSessions

@Suite struct SessionIDTests {
  private func text(_ seed: InlineArray<16, UInt8>) -> String {
    let id = SessionID(seed: seed)
    let bytes = id.bytes
    return String(decoding: (0..<bytes.byteCount).map { bytes[$0] }, as: UTF8.self)
  }

  /// RFC 9562, section 5.4: only version and variant are not the seed's.
  @Test func itIsAUUIDOfVersionFour() {
    #expect(text(InlineArray(repeating: 0)) == "00000000-0000-4000-8000-000000000000")
    #expect(text(InlineArray(repeating: 0xFF)) == "ffffffff-ffff-4fff-bfff-ffffffffffff")
    #expect(
      text(InlineArray { UInt8($0) * 16 + UInt8($0) }) == "00112233-4455-4677-8899-aabbccddeeff")
  }
}
