import Memory
import Testing

@Suite struct ByteWriterAffixesTests {
  /// Far from the end, near it and past it: the same bytes, or none.
  @Test(arguments: 0...12)
  func affixesStandAroundABody(_ slack: Int) {
    let body: StaticString = "body"
    var writer = ByteWriter(capacity: 3 + slack)
    writer.append("abc")
    writer.append(
      body.bytes, between: Affix(UInt8(ascii: ","), UInt8(ascii: "<")),
      and: Affix(UInt8(ascii: ">")))
    #expect(text(writer) == (slack < 7 ? "abc" : "abc,<body>"))
    #expect(writer.overflowed == (slack < 7))
    let last = writer.last
    writer.append("!")
    let isFull = slack == 0 || slack == 7
    #expect(writer.last == (isFull ? last : UInt8(ascii: "!")))
  }

  @Test func aBodyMayBeEmpty() {
    var writer = ByteWriter(capacity: 16)
    writer.append(RawSpan(), between: Affix(1), and: Affix(2, 3))
    let isWhole = writer.count == 3 && writer.bytes[0] == 1 && writer.bytes[2] == 3
    #expect(isWhole)
  }
}
