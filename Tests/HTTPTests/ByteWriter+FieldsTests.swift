import Memory
import Testing

@testable import HTTP

@Suite struct ByteWriterFieldsTests {
  @Test func aFieldIsALine() {
    var writer = ByteWriter(capacity: 32)
    writer.field("A", "b")
    writer.field("C", 12)
    let text = String(writer.bytes)
    #expect(text == "A: b\r\nC: 12\r\n")
  }
}
