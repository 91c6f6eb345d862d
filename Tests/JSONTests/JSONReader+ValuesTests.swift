import JSON
import Memory
import Testing

@Suite struct JSONReaderValuesTests {
  /// What `read` throws when `json` is all there is, nil when it does not.
  func thrown(
    _ json: String, _ read: (inout JSONReader) throws(JSONError) -> Void
  ) -> JSONError? {
    let bytes = Array(json.utf8)
    var reader = JSONReader(bytes.span.bytes)
    do throws(JSONError) {
      try read(&reader)
      return nil
    } catch {
      return error
    }
  }

  @Test func anotherKindIsAMismatch() {
    #expect(
      thrown(" 1") { r throws(JSONError) in _ = try r.readString() }
        == .mismatch(found: .number, at: 1))
    #expect(
      thrown("\"\"") { r throws(JSONError) in _ = try r.readNumber() }
        == .mismatch(found: .string, at: 0))
    #expect(
      thrown("null") { r throws(JSONError) in _ = try r.readBool() }
        == .mismatch(found: .null, at: 0))
    #expect(
      thrown("true") { r throws(JSONError) in try r.readNull() } == .mismatch(found: .bool, at: 0))
    #expect(
      thrown("[]") { r throws(JSONError) in try r.beginObject() } == .mismatch(found: .array, at: 0)
    )
    #expect(
      thrown("{}") { r throws(JSONError) in try r.beginArray() } == .mismatch(found: .object, at: 0)
    )
    #expect(thrown("}") { r throws(JSONError) in _ = try r.readNumber() } == .malformed(at: 0))
    #expect(thrown("") { r throws(JSONError) in _ = try r.peekKind() } == .malformed(at: 0))
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("42", 42), ("9223372036854775807", .max),
      ("-9223372036854775808", .min),
    ] as [(String, Int64)]) func integers(json: String, expected: Int64)
  {
    let error = thrown(json) { r throws(JSONError) in
      let value = try r.readInteger()
      #expect(value == expected)
    }
    #expect(error == nil)
  }

  @Test func integersThatAreNone() {
    for json in ["9223372036854775808", "-9223372036854775809", "100000000000000000000"] {
      #expect(
        thrown(json) { r throws(JSONError) in _ = try r.readInteger() } == .numberOutOfRange(at: 0))
    }
    for json in ["1.0", "1e3"] {
      #expect(
        thrown(json) { r throws(JSONError) in _ = try r.readInteger() }
          == .mismatch(found: .number, at: 0))
    }
  }

  /// A read that throws leaves the reader where it was, so the caller may go on to the end.
  @Test func aMismatchCanBeGoneOver() throws {
    let json = Array(#"{"a":"x","b":[1,{"c":2}],"d":1e999,"e":true}"#.utf8)
    var reader = JSONReader(json.span.bytes)
    var errors: [JSONError] = []
    var last = false
    try reader.beginObject()
    while let name = try reader.nextMember() {
      do throws(JSONError) {
        if name.equals("e") { last = try reader.readBool() } else { _ = try reader.readNumber() }
      } catch {
        errors.append(error)
      }
    }
    try reader.end()
    #expect(last)
    #expect(
      errors == [
        .mismatch(found: .string, at: 5), .mismatch(found: .array, at: 13),
        .numberOutOfRange(at: 29),
      ])
  }

  @Test func whatIsNotReadIsSkippedAndChecked() throws {
    let json = Array(#"{"a":{"b":[1,2,{}]},"c":[[],"x"], "d" : null}"#.utf8)
    var reader = JSONReader(json.span.bytes)
    var names = 0
    try reader.beginObject()
    while try reader.nextMember() != nil { names += 1 }
    try reader.end()
    #expect(names == 3)
    for json in [#"{"a":[1,],"b":1}"#, #"{"a":{"x":tru},"b":1}"#] {
      let error = thrown(json) { r throws(JSONError) in
        try r.beginObject()
        while try r.nextMember() != nil {}
      }
      #expect(error == .malformed(at: json.hasPrefix(#"{"a":["#) ? 8 : 10))
    }
  }

  @Test func theEndSkipsTheRest() {
    let stopped = { (r: inout JSONReader) throws(JSONError) in
      try r.beginArray()
      _ = try r.nextElement()
      try r.beginObject()
      try r.end()
    }
    #expect(thrown(#"[{"a":1},2]"#, stopped) == nil)
    #expect(thrown(#"[{"a":1},2"#, stopped) == .malformed(at: 10))
  }

  @Test func rangesOfRawValues() throws {
    let json = Array(#"[ 1.50 , {"a" : [ ] } ,"x",null ]"#.utf8)
    var reader = JSONReader(json.span.bytes)
    var values: [String] = []
    try reader.beginArray()
    while try reader.nextElement() {
      let range = try reader.skipValue()
      values.append(text(json.span.bytes.extracting(range)))
    }
    try reader.end()
    #expect(values == ["1.50", #"{"a" : [ ] }"#, "\"x\"", "null"])
  }
}
