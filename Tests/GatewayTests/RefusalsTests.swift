import Testing

@testable import Gateway

@Suite struct RefusalsTests {
  @Test func theyAreReportedAtOnceAndThenEveryTenSeconds() {
    var refusals = Refusals()
    #expect(refusals.take(.places, at: 1000) == nil)
    for _ in 0..<3 { refusals.add(.places) }
    #expect(refusals.take(.places, at: 1000) == 3)
    for _ in 0..<2 { refusals.add(.places) }
    #expect(refusals.take(.places, at: 10_999) == nil)
    #expect(refusals.take(.places, at: 11_000) == 2)
    #expect(refusals.take(.places, at: 30_000) == nil)
  }

  @Test func eachReasonHasItsOwnLine() {
    var refusals = Refusals()
    for shortage in Shortage.allCases { refusals.add(shortage) }
    for shortage in Shortage.allCases { #expect(refusals.take(shortage, at: 1000) == 1) }
    #expect(refusals.count == 0)
  }

  @Test func aFloodIsOneLine() throws {
    let simulation = try Simulation(.few, level: .warning)
    for _ in 0..<50 { _ = simulation.connect() }
    let log = simulation.network.log
    let reason = "all places are taken: WEBSOCKET_MAX_CONNECTIONS, WEBSOCKET_HTTP_CONNECTIONS"
    #expect(
      log == ["warning: connections refused count=1 reason=\"\(reason)\" connections=8\n"])
    simulation.pass(9_000)
    _ = simulation.connect()
    simulation.pass(1_100)
    _ = simulation.connect()
    #expect(simulation.network.log.count == 2)
  }
}
