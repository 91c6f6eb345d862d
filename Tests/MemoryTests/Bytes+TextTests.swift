import Memory
import Testing

@Suite struct BytesTextTests {
  @Test func aTextIsItsUTF8() {
    #expect([UInt8]("" as StaticString) == [])
    #expect([UInt8]("é1" as StaticString) == [0xC3, 0xA9, 0x31])
  }

  @Test func partsAreWhatStandsBetweenSeparators() {
    let parts = Array("a,,bc,".utf8).parts(separatedBy: UInt8(ascii: ","))
    #expect(parts == [[0x61], [], [0x62, 0x63], []])
    #expect([UInt8]().parts(separatedBy: 0) == [[]])
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
