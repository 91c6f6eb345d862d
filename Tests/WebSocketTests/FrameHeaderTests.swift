import Memory
import Testing
import WebSocket

@Suite struct FrameHeaderTests {
  private func parse(
    _ bytes: [UInt8], maximum: Int = .max
  ) throws(ProtocolViolation) -> (header: FrameHeader, size: Int)? {
    guard
      case .done(let header, let size) = try FrameHeader.parse(
        bytes.span.raw, payloadMaximum: maximum)
    else { return nil }
    return (header, size)
  }

  @Test(arguments: [0, 1, 125, 126, 127, 0xFFFF, 0x10000])
  func everyPrefixNeedsMoreAndTheWholeIsRead(_ length: Int) throws {
    let whole = frame(2, [UInt8](repeating: 0, count: length))
    let size = whole.count - length
    for count in 0..<size { #expect(try parse(Array(whole[..<count])) == nil) }
    let parsed = try parse(Array(whole[..<size]))
    #expect(parsed?.size == size)
    #expect(parsed?.header.payloadSize == length)
    #expect(parsed?.header.opcode == .binary)
    #expect(parsed?.header.isFinal == true)
  }

  private static let refused: [([UInt8], ProtocolViolation)] = [
    ([0x91], .reservedBits), ([0xA1], .reservedBits), ([0xC1], .reservedBits),
    ([0x83], .unknownOpcode), ([0x8B], .unknownOpcode),
    ([0x81, 0x05], .unmasked),
    ([0x09, 0x80], .fragmentedControl), ([0x89, 0xFE], .oversizedControl),
    ([0x82, 0xFE, 0, 125], .nonMinimalLength),
    ([0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], .nonMinimalLength),
    ([0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0], .lengthOutOfRange),
    ([0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .lengthOutOfRange),
  ]

  @Test(arguments: refused.indices)
  func aViolationIsRefusedAsSoonAsItShows(_ index: Int) {
    let (bytes, violation) = Self.refused[index]
    #expect(throws: violation) { _ = try parse(bytes) }
  }

  @Test(arguments: [0x7FFF_FFFF as UInt64, 0x8000_0000, 0x8000_0001, 0x7FFF_FFFF_FFFF_FFFF])
  func aGiantLengthIsTooBig(_ length: UInt64) {
    let head = [0x82, 0xFF] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
    #expect(throws: ProtocolViolation.messageTooBig) { _ = try parse(head, maximum: 1 << 20) }
  }
}
