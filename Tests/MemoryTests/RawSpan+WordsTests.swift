import Memory
import Testing

@Suite struct RawSpanWordsTests {
  @Test func loadsAndStoresAtEveryOffset() {
    let word = UInt64(0x0102_0304_0506_0708).bigEndian
    for offset in 0...24 {
      var bytes = [UInt8](repeating: 0, count: 32)
      do {
        var elements = bytes.mutableSpan
        var span = elements.mutableBytes
        span.store(word, at: offset)
        let loaded = span.load(at: offset, as: UInt64.self)
        let eighth = span[offset + 7]
        #expect(loaded == word)
        #expect(eighth == 8)
      }
      let loaded = bytes.span.bytes.load(at: offset, as: UInt64.self)
      #expect(loaded == word)
      #expect(Array(bytes[offset..<(offset + 8)]) == [1, 2, 3, 4, 5, 6, 7, 8])
      #expect(bytes.filter { $0 != 0 }.count == 8)
    }
  }

  @Test(arguments: [0, 3, 5])
  func copiesToAnyOffset(offset: Int) {
    var bytes = [UInt8](repeating: 9, count: 8)
    var elements = bytes.mutableSpan
    var span = elements.mutableBytes
    span.copy(([1, 2, 3] as [UInt8]).span.bytes, to: offset)
    span.copy(RawSpan(), to: 8)
    var expected = [UInt8](repeating: 9, count: 8)
    expected.replaceSubrange(offset..<(offset + 3), with: [1, 2, 3])
    #expect(bytes == expected)
  }

  @Test(arguments: [
    ("", "", true), ("abc", "abc", true), ("abc", "abd", false), ("abc", "ab", false),
    ("abc", "ABC", false),
  ])
  func comparesBytes(a: String, b: String, same: Bool) {
    let equal = Array(a.utf8).span.bytes.equals(Array(b.utf8).span.bytes)
    #expect(equal == same)
  }

  /// Only letters lose their case: `@` and backquote, `[` and `{` differ in the same bit.
  @Test func comparesWithoutTheCaseOfLetters() {
    let names = literal("Sec-WebSocket-Key").equalsIgnoringCase(literal("sEC-wEBsOCKET-kEY"))
    #expect(names)
    for byte in UInt8.min...UInt8.max {
      let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      let equal = [byte].span.bytes.equalsIgnoringCase([byte ^ 0x20].span.bytes)
      #expect(equal == isLetter)
    }
    let differentLengths = literal("a").equalsIgnoringCase(literal("ab"))
    #expect(!differentLengths)
  }

  @Test func aWordThatSticksOutIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = literal("abc").load(at: 0, as: UInt32.self) }
    await #expect(processExitsWith: .failure) { _ = literal("abc").load(at: .max, as: UInt8.self) }
    await #expect(processExitsWith: .failure) { _ = literal("abc")[-1] }
  }

  @Test func aCopyThatSticksOutIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var buffer = Buffer(size: 2)
      var span = buffer.mutableBytes(0..<2)
      span.copy(literal("ab"), to: 1)
    }
  }
}
