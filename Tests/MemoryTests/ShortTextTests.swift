import Testing

@testable import Memory

@Suite struct ShortTextTests {
  private func text(_ string: String) -> [UInt8] { Array(string.utf8) }

  @Test func holdsUpToSixtyFourBytes() {
    let longest = text(String(repeating: "x", count: 64))
    let held = ShortText(longest.span.raw)
    let isSame = held.map { $0.bytes.equals(longest.span.raw) }
    #expect(isSame == true)
    #expect(ShortText((longest + [0x78]).span.raw) == nil)
    #expect(ShortText().isEmpty)
  }

  @Test func cutsBetweenCharacters() {
    let name = text("ab\u{20AC}cd")
    for (limit, count) in [(1, 1), (2, 2), (3, 2), (4, 2), (5, 5), (6, 6), (7, 7), (64, 7)] {
      let cut = ShortText(prefixOf: name.span.raw, limit: limit)
      let kept = cut.bytes.byteCount
      #expect(kept == count, "\(limit)")
    }
  }

  @Test func comparesByBytes() {
    let (one, same, other) = (text("one"), text("one"), text("two"))
    #expect(ShortText(one.span.raw) == ShortText(same.span.raw))
    #expect(ShortText(one.span.raw) != ShortText(other.span.raw))
  }
}
