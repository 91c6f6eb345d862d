import JSON
import Memory
import Testing

@Suite struct JSONStringShortTextTests {
  private func short(_ literal: String) throws -> (String, Bool) {
    let bytes = Array("\"\(literal)\"".utf8)
    var reader = JSONReader(bytes.span.raw)
    let (kept, isWhole) = try reader.readString().shortText()
    return (text(kept.bytes), isWhole)
  }

  private let long = String(repeating: "a", count: 61)

  @Test func textsOf64BytesAreKeptWhole() throws {
    #expect(try short("") == ("", true))
    #expect(try short(#"a\"\u00e4\ud83d\ude00"#) == ("a\"ä😀", true))
    #expect(try short(long + "abc") == (long + "abc", true))
    #expect(try short(long + "a" + #"\u00e4"#) == (long + "aä", true))
  }

  @Test func longerOnesAreCutBetweenCharacters() throws {
    #expect(try short(long + "abcd") == (long + "abc", false))
    #expect(try short(long + "😀") == (long, false))
    #expect(try short(long + #"\ud83d\ude00"#) == (long, false))
    #expect(try short(long + #"ab\u00e4"#) == (long + "ab", false))
    #expect(try short(long + "ab😀😀") == (long + "ab", false))
  }
}
