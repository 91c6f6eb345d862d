import JSON
import Memory
import Testing

@Suite struct JSONStringTests {
  /// What the document `json`, one string, decodes to, and how long it says that is.
  func decoded(_ json: [UInt8]) throws -> (text: String, count: Int) {
    var reader = JSONReader(json.span.bytes)
    let string = try reader.readString()
    var writer = ByteWriter(capacity: 1024)
    string.decode(into: &writer)
    return (text(writer.bytes), string.decodedCount)
  }

  /// Whether the document `json`, one string, equals `text`.
  func equals(_ json: [UInt8], _ text: [UInt8]) throws -> Bool {
    var reader = JSONReader(json.span.bytes)
    return try reader.readString().equals(text.span.bytes)
  }

  @Test(arguments: [
    (#""""#, ""), (#""type""#, "type"), (#""\u0074ype""#, "type"), (#""\u00E9""#, "é"),
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u6f22字""#, "漢字"),
    (#""\uD83D\uDE00!""#, "😀!"), (#""\uDBFF\uDFFF\uD800\uDC00""#, "\u{10FFFF}\u{10000}"),
    (#""\u0000""#, "\0"),
    (#""\u007f\u0080\u07ff\u0800\uffff""#, "\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}"),
    (
      #""a long text, longer than two words, then \u00e9""#,
      "a long text, longer than two words, then é"
    ),
  ]) func decoding(json: String, expected: String) throws {
    let json = Array(json.utf8)
    let bytes = Array(expected.utf8)
    let (text, count) = try decoded(json)
    #expect(text == expected)
    #expect(count == bytes.count)
    #expect(try equals(json, bytes))
    #expect(try !equals(json, bytes + [0x41]))
    guard let last = bytes.last else { return }
    #expect(try !equals(json, Array(bytes.dropLast())))
    #expect(try !equals(json, bytes.dropLast() + [last ^ 1]))
  }

  /// Plain text is read by words, before and behind what is not plain.
  @Test func whatIsNotPlainIsFoundAtAnyPlaceOfAWord() throws {
    for before in 0..<18 {
      for behind in 0..<18 {
        let (head, tail) = (
          String(repeating: "a", count: before), String(repeating: "b", count: behind)
        )
        for (written, meant) in [("ü", "ü"), (#"\n"#, "\n"), (#"\u00fc"#, "ü")] {
          let json = Array("\"\(head)\(written)\(tail)\"".utf8)
          #expect(try decoded(json).text == head + meant + tail)
        }
        for wrong in [0x1F, 0x00, 0x80, 0xC3] as [UInt8] {
          let json = Array("\"ü\(head)".utf8) + [wrong] + Array("\(tail)\"".utf8)
          #expect(throws: JSONError.malformed(at: 3 + before)) { try decoded(json) }
        }
      }
    }
  }

  @Test func namesAreCompared() throws {
    let json = Array(#"["accel_x","gyro_x","id","\u0069d","timestamp"]"#.utf8)
    var reader = JSONReader(json.span.bytes)
    var found: [String] = []
    try reader.beginArray()
    while try reader.nextElement() {
      let name = try reader.readString()
      if name.equals("accel_y") { found.append("accel_y") }
      if name.equals("accel_x") { found.append("accel_x") }
      if name.equals("gyro_z") { found.append("gyro_z") }
      if name.equals("gyro_x") { found.append("gyro_x") }
      if name.equals("id") { found.append("id") }
      if name.equals("i") { found.append("i") }
      if name.equals("timestamp") { found.append("timestamp") }
      if name.equals("timestomp") { found.append("timestomp") }
    }
    try reader.end()
    #expect(found == ["accel_x", "gyro_x", "id", "id", "timestamp"])
  }

  @Test(arguments: [
    #""\uD800""#, #""\uDC00""#, #""\uD800\uD800""#, #""\uD800a""#, #""\uD800\n""#,
    #""\uDC00\uD800""#,
    #""\uD83D\u0041""#, #""\uD83D"#,
  ]) func halvesOfSurrogatePairs(json: String) {
    #expect(fault(json) == .malformed(at: 1))
  }

  /// Every lead with every second byte, and what follows at the edges, judged by the standard
  /// library.
  @Test func validUTF8AndNothingElse() {
    func expect(_ bytes: [UInt8]) {
      let isValid = String(validating: bytes, as: UTF8.self) != nil
      let isTaken = fault([0x22] + bytes + [0x22]) == nil
      if isTaken != isValid { Issue.record("\(bytes)") }
    }
    let edges: [UInt8] = [0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xFF]
    for first: UInt8 in 0x80...0xFF {
      expect([first])
      for second: UInt8 in 0x7F...0xC0 {
        expect([first, second])
        for third in edges where first >= 0xE0 {
          expect([first, second, third])
          for fourth in edges where first >= 0xF0 { expect([first, second, third, fourth]) }
        }
      }
    }
  }

  @Test(
    arguments: [
      (#""12.5""#, 12.5), (#""-1e3""#, -1000), (#""""#, nil), (#"" 1""#, nil), (#""1 ""#, nil),
      (#""1x""#, nil), (#""\u0031""#, nil), (#""1e999""#, nil), (#""true""#, nil),
    ] as [(String, Double?)]) func numericStrings(json: String, expected: Double?) throws
  {
    let bytes = Array(json.utf8)
    var reader = JSONReader(bytes.span.bytes)
    let number = try reader.readString().number
    #expect(number == expected)
  }
}
