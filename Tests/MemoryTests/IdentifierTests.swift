import Memory
import TestSupport
import Testing

@Suite struct IdentifierTests {
  private func isValid(_ bytes: [UInt8]) -> Bool { Identifier.isValid(bytes.span.raw) }

  @Test(arguments: [
    "a", "lobby-1", "42", " ", "\u{E9}", "\u{A0}", "\u{1F426}", "\u{D7FF}\u{E000}\u{10FFFF}",
    String(repeating: "a", count: 64), "..", "a b",
  ])
  func isTaken(_ id: String) {
    #expect(isValid(Array(id.utf8)))
  }

  @Test(arguments: [
    "", String(repeating: "a", count: 65), String(repeating: "\u{E9}", count: 33), "a/b", "\0",
    "\u{1F}", "\u{7F}", "\u{80}", "\u{9F}", "a\nb",
  ])
  func isRefused(_ id: String) {
    #expect(!isValid(Array(id.utf8)))
  }

  /// The library's own decoder is the judge of what UTF-8 is.
  @Test func randomBytesAreTakenWhenTheyAreText() {
    var random = SplitMix64(seed: 3)
    let leads: [UInt8] = [0x41, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5]
    var taken = 0
    for _ in 0..<50_000 {
      let bytes = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        Bool.random(using: &random)
          ? leads.randomElement(using: &random)!
          : UInt8.random(in: 0x80...0xBF, using: &random)
      }
      let scalars = String(validating: bytes, as: UTF8.self)?.unicodeScalars
      let isText = scalars.map { $0.allSatisfy { $0.value < 0x7F || $0.value > 0x9F } } ?? false
      #expect(isValid(bytes) == isText)
      if isText { taken += 1 }
    }
    #expect(taken > 100)
  }

  @Test(arguments: ["lobby", "a b", "Stats", "auth2", "caf\u{E9}", "1", "test-session"])
  func isARoomsName(_ name: String) {
    let name = Array(name.utf8)
    let isTaken = Identifier.isRoomName(name.span.raw)
    #expect(isTaken)
  }

  @Test(arguments: [
    "", "a/b", "a\u{7F}", "realtime", "auth", "stats", "broadcast", "connections", "test-sessions",
    ".", "..", String(repeating: "a", count: 65),
  ])
  func isNoRoomsName(_ name: String) {
    let name = Array(name.utf8)
    let isTaken = Identifier.isRoomName(name.span.raw)
    #expect(!isTaken)
  }
}
