import Testing

@testable import Gateway

@Suite struct DrainingTests {
  @Test func theBatchesAreEvenAndEndBeforeTheTime() {
    var draining = Draining()
    draining.start(connections: 1000, duration: 10_000, at: 5_000)
    var (told, now, batches) = (0, UInt64(5_000), 0)
    while told < 1000, now < 15_000 {
      let batch = draining.takeBatch(at: now)
      let again = draining.takeBatch(at: now)
      #expect(batch == 16 && again == 0)
      told += batch
      batches += 1
      now += 100
    }
    #expect(batches == 63)
    #expect(!draining.isOver(1, at: 14_999) && draining.isOver(1, at: 15_000))
    #expect(draining.isOver(0, at: 5_001))
  }

  @Test func manyAreToldInLargerBatches() {
    var draining = Draining()
    draining.start(connections: 80_000, duration: 10_000, at: 0)
    #expect(draining.takeBatch(at: 0) == 1000)
    #expect(draining.takeBatch(at: 99) == 0)
    #expect(draining.takeBatch(at: 100) == 1000)
    #expect(draining.nextWakeUp == 200)
  }

  @Test func withoutTimeItIsOverAtOnce() {
    var draining = Draining()
    #expect(!draining.isActive && !draining.isOver(0, at: 100))
    draining.start(connections: 5, duration: 0, at: 100)
    #expect(draining.isActive && draining.takeBatch(at: 100) == 16)
    #expect(draining.isOver(5, at: 100))
  }

  @Test func aSecondSignalEndsItAtOnce() {
    var draining = Draining()
    draining.start(connections: 5, duration: 10_000, at: 0)
    #expect(!draining.isOver(5, at: 1))
    draining.start(connections: 5, duration: 10_000, at: 2)
    #expect(draining.isOver(5, at: 2))
  }

  private func limits(_ connections: Int) -> Limits {
    var limits = Limits.few
    limits.connections = connections
    return limits
  }

  #if StepDetection || Echo
  @Test func everybodyIsToldToComeAgainAndNobodyIsLetIn() throws {
    let simulation = try Simulation(limits(40))
    let peers = try (0..<40).map { _ in try simulation.open() }
    let idle = simulation.connect()
    simulation.network.signals = [.terminate]
    simulation.run()
    #expect(peers.count { serverFrames($0.output) == [.close(1001)] } == 16)
    #expect(peers.count { $0.output.isEmpty } == 24)
    let late = simulation.connect()
    late.send(handshake(guestPath))
    simulation.run()
    #expect(text(late.output).hasPrefix("HTTP/1.1 503 "))
    simulation.pass(250)
    #expect(peers.allSatisfy { serverFrames($0.output) == [.close(1001)] })
    #expect(idle.isClosed)
    let early = simulation.gateway.isDone
    #expect(!early)
    for peer in peers {
      peer.send(closeFrame(1001))
      peer.hasEnded = true
    }
    late.hasEnded = true
    simulation.run()
    let done = simulation.gateway.isDone
    #expect(done)
    simulation.expectEmpty()
  }

  @Test func whoDoesNotAnswerIsNotWaitedForLongerThanTheTime() throws {
    let simulation = try Simulation()
    _ = try simulation.open()
    simulation.network.signals = [.terminate]
    simulation.pass(9_900)
    let early = simulation.gateway.isDone
    simulation.pass(100)
    let done = simulation.gateway.isDone
    #expect(!early && done)
  }

  @Test func theSecondSignalEndsTheProgram() throws {
    let simulation = try Simulation()
    _ = try simulation.open()
    simulation.network.signals = [.terminate]
    simulation.run()
    let early = simulation.gateway.isDone
    simulation.network.signals = [.reload, .terminate]
    simulation.run()
    let done = simulation.gateway.isDone
    #expect(!early && done)
    #expect(simulation.network.log.contains { $0.hasPrefix("info: reloaded keys=2") })
  }
  #endif
}
