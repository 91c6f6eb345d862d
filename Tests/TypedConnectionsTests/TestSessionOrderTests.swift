import Memory
import Testing

@testable import TypedConnections

@Suite struct TestSessionOrderTests {
  private func read(_ text: String) throws(TestSessionError) -> TestSessionOrder {
    try TestSessionOrder.read(Array(text.utf8).span.raw)
  }

  @Test func aDurationIsEnough() throws {
    let order = try read(#"{"x":{},"duration_seconds":86400}"#)
    #expect(order.duration == 86_400_000 && !order.startsItself)
    let short = try read(#"{"autostart":true,"duration_seconds":1}"#)
    #expect(short.duration == 1000 && short.startsItself)
  }

  @Test(arguments: ["", "7", "[]", "{", #"{"duration_seconds":60}{}"#])
  func theBodyIsOneObject(_ text: String) {
    #expect(throws: TestSessionError.malformed) { try read(text) }
  }

  @Test(arguments: [
    "0", "86401", "-1", "1.0", "1e2", #""60""#, "null", "true", "[60]", "99999999999999999999",
  ])
  func theDurationIsAWholeNumber(_ value: String) {
    #expect(throws: TestSessionError.duration) { try read(#"{"duration_seconds":\#(value)}"#) }
    #expect(throws: TestSessionError.duration) {
      try read(#"{"duration_seconds":60,"duration_seconds":\#(value)}"#)
    }
  }

  @Test func theDurationIsNeeded() {
    #expect(throws: TestSessionError.duration) { try read("{}") }
  }

  @Test(arguments: ["0", "null", #""true""#, "[]"])
  func autostartIsABool(_ value: String) {
    #expect(throws: TestSessionError.autostart) {
      try read(#"{"duration_seconds":60,"autostart":\#(value)}"#)
    }
  }
}
