import JSON
import Memory
import Testing

@Suite struct ByteWriterJSONTests {
  @Test func commasStandBetweenAndNowhereElse() {
    let document = written {
      $0.beginObject()
      $0.name("a")
      $0.beginArray()
      $0.integer(1)
      $0.beginArray()
      $0.endArray()
      $0.null()
      $0.bool(true)
      $0.string("x")
      $0.beginObject()
      $0.endObject()
      $0.endArray()
      $0.name("b")
      $0.beginObject()
      $0.member("c", 2)
      $0.member("d", false)
      $0.endObject()
      $0.endObject()
    }
    #expect(document == #"{"a":[1,[],null,true,"x",{}],"b":{"c":2,"d":false}}"#)
    #expect(fault(document) == nil)
  }

  @Test func aDocumentMayFollowAHead() {
    let message = written {
      $0.append("Content-Type: application/json\r\n\r\n")
      $0.beginArray()
      $0.endArray()
    }
    #expect(message.hasSuffix("\r\n\r\n[]"))
  }

  @Test func textIsEscapedNoMoreThanItMust() {
    let plain = Array("0123456789 é 漢 😀 / \u{7F}".utf8)
    #expect(written { $0.string(plain.span.bytes) } == "\"0123456789 é 漢 😀 / \u{7F}\"")
    let special = Array("a\"b\\c\u{8}\t\n\u{C}\r\u{0}\u{1F}z".utf8)
    #expect(
      written { $0.string(special.span.bytes) }
        == #""a\"b\\c\b\t\n\f\r\u0000\u001fz""#)
    #expect(written { $0.string([UInt8]().span.bytes) } == "\"\"")
  }

  /// Each special character at each place of a word.
  @Test func escapesAreFoundWhereverTheyStand() {
    for byte: UInt8 in 0..<0x80 {
      for place in 0..<20 {
        var bytes = [UInt8](repeating: UInt8(ascii: "-"), count: 20)
        bytes[place] = byte
        let document = Array(written { $0.string(bytes.span.bytes) }.utf8)
        var reader = JSONReader(document.span.bytes)
        do throws(JSONError) {
          let string = try reader.readString()
          try reader.end()
          let isSame = string.equals(bytes.span.bytes)
          #expect(isSame, "byte \(byte) at \(place)")
        } catch {
          Issue.record("byte \(byte) at \(place): \(error)")
        }
      }
    }
  }

  @Test func whatWasReadIsPassedOnAsItIs() throws {
    let source = Array(#"{"text":"a\u00e9\n","data": {"b" : [1e5, "\/"]} }"#.utf8)
    var reader = JSONReader(source.span.bytes)
    var writer = ByteWriter(capacity: 100)
    writer.beginArray()
    try reader.beginObject()
    while let name = try reader.nextMember() {
      if name.equals("text") {
        writer.string(try reader.readString())
      } else {
        writer.raw(source.span.bytes.extracting(try reader.skipValue()))
      }
    }
    writer.endArray()
    let result = text(writer.bytes)
    #expect(result == #"["a\u00e9\n",{"b" : [1e5, "\/"]}]"#)
  }

  @Test func whatDoesNotFitIsSaid() {
    var writer = ByteWriter(capacity: 4)
    writer.string("four")
    let overflowed = writer.overflowed
    #expect(overflowed)
  }

  @Test func members() {
    let bytes = Array("\"q\"".utf8)
    let document = written {
      $0.beginObject()
      $0.member("a", "literal")
      $0.member("b", bytes.span.bytes)
      $0.member("c", raw: bytes.span.bytes)
      $0.member("d", Int64.min)
      $0.member("e", UInt64.max)
      $0.member("f", fixed: 0.5, decimals: 2)
      $0.member("g", secondsOf: 1_234_567_890_123)
      $0.member("h", timestamp: 0, .seconds)
      $0.endObject()
    }
    #expect(
      document
        == #"{"a":"literal","b":"\"q\"","c":"q","d":-9223372036854775808,"#
        + #""e":18446744073709551615,"f":0.50,"g":"1234567890.123","h":"1970-01-01T00:00:00Z"}"#)
  }
}
