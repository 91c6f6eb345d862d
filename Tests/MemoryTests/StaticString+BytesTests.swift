import Memory
import Testing

@Suite struct StaticStringBytesTests {
  @Test func areTheUTF8OfTheLiteral() {
    #expect(array(of: "") == [])
    #expect(array(of: "a") == [0x61])
    #expect(array(of: "é€😀\0.") == Array("é€😀\0.".utf8))
  }

  private func array(of text: StaticString) -> [UInt8] {
    let bytes = text.bytes
    return (0..<bytes.byteCount).map { bytes[$0] }
  }
}
