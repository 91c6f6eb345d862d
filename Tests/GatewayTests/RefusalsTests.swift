import Testing

@testable import Gateway

@Suite struct RefusalsTests {
  @Test func theyAreReportedAtOnceAndThenEveryTenSeconds() {
    var refusals = Refusals()
    #expect(refusals.take(at: 1000) == nil)
    refusals.count = 3
    #expect(refusals.take(at: 1000) == 3)
    refusals.count += 2
    #expect(refusals.take(at: 10_999) == nil)
    #expect(refusals.take(at: 11_000) == 2)
    #expect(refusals.take(at: 30_000) == nil)
  }

  @Test func aFloodIsOneLine() throws {
    let simulation = try Simulation(.few, level: .warning)
    for _ in 0..<50 { _ = simulation.connect() }
    let log = simulation.network.log
    #expect(log == ["warning: connections refused count=1 connections=8\n"])
    simulation.pass(9_000)
    _ = simulation.connect()
    simulation.pass(1_100)
    _ = simulation.connect()
    #expect(simulation.network.log.count == 2)
  }
}
