import Memory
import Testing

@Suite struct BytesTextTests {
  @Test func aTextIsItsUTF8() {
    #expect([UInt8]("" as StaticString) == [])
    #expect([UInt8]("é1" as StaticString) == [0xC3, 0xA9, 0x31])
  }

  @Test func whatIsAppendedFollows() {
    var text = [UInt8]("a" as StaticString)
    text.append("bc" as StaticString)
    text.append(("de" as StaticString).bytes)
    text.append("" as StaticString)
    #expect(text == Array("abcde".utf8))
    #expect([UInt8](text.span.raw) == text)
  }
}
