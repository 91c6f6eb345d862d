import Memory
import Testing

@testable import HTTP

@Suite struct ByteWriterFieldsTests {
  @Test(arguments: [
    (0, 1, "0"), (0, 3, "000"), (7, 2, "07"), (99, 1, "99"), (100, 2, "100"),
    (.max, 1, "9223372036854775807"),
  ])
  func digitsAreFilledUp(_ value: Int, _ width: Int, _ expected: String) {
    var writer = ByteWriter(capacity: 32)
    writer.append(digits: value, width: width)
    let text = String(writer.bytes)
    #expect(text == expected)
  }

  @Test func aFieldIsALine() {
    var writer = ByteWriter(capacity: 32)
    writer.field("A", "b")
    writer.field("C", 12)
    let text = String(writer.bytes)
    #expect(text == "A: b\r\nC: 12\r\n")
  }
}
