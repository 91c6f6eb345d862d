import Testing

@testable import Rooms

@Suite struct RoomNameTests {
  private func isValid(_ name: String) -> Bool { RoomName.isValid(Array(name.utf8).span.raw) }

  @Test(arguments: ["lobby", "a b", "Stats", "auth2", "caf\u{E9}", "1", "test-session"])
  func isTaken(_ name: String) { #expect(isValid(name)) }

  @Test(arguments: [
    "", "a/b", "a\u{7F}", "realtime", "auth", "stats", "broadcast", "connections", "test-sessions",
    String(repeating: "a", count: 65),
  ])
  func isRefused(_ name: String) { #expect(!isValid(name)) }
}
