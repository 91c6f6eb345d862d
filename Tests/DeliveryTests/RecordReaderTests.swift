import Delivery
import Memory
import Testing

@Suite struct RecordReaderTests {
  private func record() -> [UInt8] {
    var writer = ByteWriter(capacity: 64)
    writer.append(word: 0x0102_0304_0506_0708 as UInt64)
    writer.append(short: ShortText(prefixOf: ("name" as StaticString).bytes))
    writer.append(word: 7 as UInt8)
    writer.append(word: 0xBEEF as UInt16)
    writer.append("rest")
    return (0..<writer.count).map { writer.bytes[$0] }
  }

  @Test func whatWasPutTogetherIsReadInOrder() {
    let bytes = record()
    #expect(bytes.prefix(8) == [8, 7, 6, 5, 4, 3, 2, 1])
    var reader = RecordReader(bytes.span.raw)
    let word = reader.word(UInt64.self)
    #expect(word == 0x0102_0304_0506_0708)
    let text = reader.shortText()
    #expect(text == ShortText(prefixOf: ("name" as StaticString).bytes))
    let (byte, short) = (reader.word(UInt8.self), reader.word(UInt16.self))
    #expect(byte == 7)
    #expect(short == 0xBEEF)
    let rest = reader.rest.byteCount
    #expect(rest == 4)
  }

  @Test func whatIsCutIsNotThere() {
    let bytes = record()
    for size in 0..<(bytes.count - 4) {
      let part = Array(bytes.prefix(size))
      var reader = RecordReader(part.span.raw)
      let isWhole =
        reader.word(UInt64.self) != nil && reader.shortText() != nil
        && reader.word(UInt8.self) != nil && reader.word(UInt16.self) != nil
      #expect(!isWhole)
    }
  }

  @Test func aTextThatIsTooLongIsNone() {
    let bytes = [65] + [UInt8](repeating: 0x61, count: 65)
    var reader = RecordReader(bytes.span.raw)
    let text = reader.shortText()
    #expect(text == nil)
  }
}
