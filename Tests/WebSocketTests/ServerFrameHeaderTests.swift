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
    var writer = ByteWriter(capacity: 16)
    writer.append(headOf: .binary, payloadSize: length)
    let written = writer.bytes.equals(header.bytes)
    #expect(written)
  }
}
