import Memory
import Testing
import WebSocket

@Suite struct ServerFrameHeaderTests {
  @Test(arguments: [(0, 2), (125, 2), (126, 4), (0xFFFF, 4), (0x10000, 10), (1 << 24, 10)])
  func aServersHeadIsMinimalAndUnmasked(_ length: Int, _ size: Int) {
    let header = ServerFrameHeader(.text, payloadSize: length)
    let bytes = (0..<header.size).map { header.bytes[$0] }
    #expect(bytes.count == size)
    #expect(bytes[0] == 0x81)
    let read = bytes.count == 2 ? Int(bytes[1]) : bytes[2...].reduce(0) { $0 << 8 | Int($1) }
    #expect(read == length)
  }

  @Test(arguments: [0, 125, 126, 0xFFFF, 0x10000, 1 << 24])
  func aWriterGetsTheSameBytes(_ length: Int) {
    let header = ServerFrameHeader(.binary, payloadSize: length)
    let payload = [UInt8](repeating: 0x5A, count: length)
    var writer = ByteWriter(capacity: ServerFrameHeader.maximumSize + length)
    writer.append(.binary, payload.span.bytes)
    let head = writer.bytes.extracting(0..<header.size).equals(header.bytes)
    let rest = writer.bytes.extracting(header.size...).equals(payload.span.bytes)
    #expect(head && rest)
  }
}
