import JSON
import Memory
import Testing

/// What is wrong with `bytes` as a JSON text, nil when nothing is.
func fault(_ bytes: [UInt8], depthMax: Int = 32) -> JSONError? {
  do throws(JSONError) {
    try JSONReader.validate(bytes.span.bytes, depthMax: depthMax)
    return nil
  } catch {
    return error
  }
}

func fault(_ text: String, depthMax: Int = 32) -> JSONError? {
  fault(Array(text.utf8), depthMax: depthMax)
}

@Suite struct JSONReaderTests {
  @Test(arguments: [
    "{}", "[]", " [ ] ", "1", "\"\"", "null", "true", "false", "-0", "1e5", "1E+5", "1.5e-5",
    "{\"a\":1}", "\t{ \"a\" : [ 1 , { } , [ [ ] ] ] ,\r\n\"a\":null }\n",
    "\"\\u00e9\\uD83D\\uDE00\"",
    "[\"a long text that goes past sixteen bytes\",\"é and 漢字 and 😀\"]",
  ]) func wellFormed(text: String) {
    #expect(fault(text) == nil)
  }

  @Test(arguments: [
    ("", 0), ("  ", 2), ("{", 1), ("{}}", 2), ("{} x", 3), ("[", 1), ("[1", 2), ("[1,]", 3),
    ("[1 2]", 3), ("[,1]", 1), ("[1}", 2), ("{\"a\"}", 4), ("{\"a\":}", 5), ("{\"a\":1,}", 7),
    ("{a:1}", 1), ("{\"a\" 1}", 5), ("{\"a\":1]", 6), ("{,}", 1), ("[1,,2]", 3), ("tru", 0),
    ("nul", 0), ("truE", 0), ("falsey", 5), ("01", 1), ("-", 1), ("+1", 0), (".5", 0), ("1.", 2),
    ("1.e5", 2), ("1e", 2), ("1e+", 3), ("-a", 1), ("0x1", 1), ("NaN", 0), ("\"", 1), ("\"a", 2),
    ("\"\n\"", 1), ("\"aaaaaaaaaaaa\n\"", 13), ("\"\\x\"", 1), ("\"\\u12\"", 1), ("\"\\u12g4\"", 1),
    ("\"\\", 1), ("'a'", 0), ("[1]//", 3), ("\u{FEFF}[]", 0), ("[\u{A0}]", 1),
  ]) func malformed(text: String, offset: Int) {
    #expect(fault(text) == .malformed(at: offset))
  }

  @Test func depthIsBounded() {
    #expect(fault("[[[]]]", depthMax: 3) == nil)
    #expect(fault("[[[]]]", depthMax: 2) == .tooDeep(at: 2))
    #expect(fault("[{\"a\":{}}]", depthMax: 2) == .tooDeep(at: 6))
    #expect(fault("1", depthMax: 0) == nil)
    #expect(fault("[]", depthMax: 0) == .tooDeep(at: 0))
    let deep = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
    #expect(fault(deep, depthMax: 63) == nil)
    #expect(fault("[" + deep + "]", depthMax: 63) == .tooDeep(at: 63))
    #expect(fault(String(repeating: "[", count: 100_000)) == .tooDeep(at: 32))
    #expect(fault("[[],[],{},[[]]]", depthMax: 3) == nil)
  }
}
