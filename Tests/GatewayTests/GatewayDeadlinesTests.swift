import Testing

@testable import Gateway

#if StepDetection || Echo
@Suite struct GatewayDeadlinesTests {
  private func limits(_ change: (inout Limits) -> Void = { _ in }) -> Limits {
    var limits = Limits.few
    limits.pingPeriod = 4_000
    limits.pongWait = 6_000
    limits.connectionTimeout = 60_000
    limits.heartbeatInterval = 7_000
    limits.stepIdleTimeout = 200_000
    change(&limits)
    return limits
  }

  private func opened(_ limits: Limits) throws -> (Simulation, Peer) {
    let simulation = try Simulation(limits)
    let peer = try simulation.open()
    return (simulation, peer)
  }

  @Test func pingsComeEveryPeriodAndAPongKeepsTheConnection() throws {
    let (simulation, peer) = try opened(limits())
    for _ in 0..<20 {
      simulation.pass(4_000)
      #expect(serverFrames(peer.takeOutput()) == [.ping])
      peer.send(frame(10))
      simulation.run()
    }
    #expect(!peer.isClosed)
    simulation.check()
  }

  @Test func aPingWithoutAnswerEndsTheConnection() throws {
    let (simulation, peer) = try opened(limits())
    simulation.pass(9_999)
    #expect(serverFrames(peer.takeOutput()) == [.ping, .ping])
    simulation.pass(1)
    #expect(serverFrames(peer.takeOutput()) == [.close(1001)])
    peer.send(closeFrame(1001))
    simulation.run()
    #expect(peer.isFinished)
  }

  /// The sweeps are at multiples of the interval after the start.
  @Test func silenceEndsAtTheNextSweep() throws {
    let (simulation, peer) = try opened(
      limits {
        $0.pingPeriod = 90_000
        $0.pongWait = 100_000
        $0.connectionTimeout = 10_000
      })
    simulation.pass(3_000)
    peer.send(frame(10))
    simulation.run()
    simulation.pass(10_999)
    #expect(peer.output.isEmpty)
    simulation.pass(1)
    #expect(serverFrames(peer.output) == [.close(1001)])
  }

  @Test func aTornMessageHasToBeWholeInTime() throws {
    let (simulation, peer) = try opened(
      limits {
        $0.pingPeriod = 90_000
        $0.pongWait = 100_000
        $0.readWait = 2_000
      })
    peer.send(frame("{", isFinal: false))
    simulation.pass(1_999)
    #expect(peer.output.isEmpty)
    simulation.pass(1)
    #expect(serverFrames(peer.output) == [.close(1008)] && peer.isFinished)
    let other = try simulation.open()
    other.send(Array(frame("{}").prefix(3)))
    simulation.pass(1_000)
    other.send(Array(frame("{}").dropFirst(3)))
    simulation.pass(5_000)
    #expect(serverFrames(other.output)?.count == 1)
    simulation.check()
  }

  #if StepDetection
  @Test func aSessionWithoutMessagesIsEndedWithItsOwnWords() throws {
    let (simulation, peer) = try opened(
      limits {
        $0.connectionTimeout = 1_000_000
        $0.pingPeriod = 1_000_000
        $0.pongWait = 1_000_001
        $0.stepIdleTimeout = 90_000
      })
    simulation.pass(60_000)
    peer.send(frame(#"{"action":"reset"}"#))
    simulation.pass(89_999)
    #expect(serverFrames(peer.takeOutput())?.count == 1)
    simulation.pass(1)
    let frames = try #require(serverFrames(peer.output))
    #expect(frames.count == 2 && frames.last == .close(1001))
    #expect(
      text(frames[0].payload).contains(#""message":"Connection closed due to 1.5 minutes"#))
  }

  @Test func aPeerThatNeverAnswersOurCloseIsDropped() throws {
    let (simulation, peer) = try opened(limits { $0.closeWait = 3_000 })
    peer.send(frame(#"{"action":"stop"}"#))
    simulation.run()
    #expect(serverFrames(peer.output)?.last == .close(1000) && !peer.isFinished)
    simulation.pass(2_999)
    #expect(!peer.isFinished)
    simulation.pass(1)
    #expect(peer.isFinished && !peer.isClosed)
    simulation.pass(3_000)
    #expect(peer.isClosed)
    simulation.expectEmpty()
  }
  #endif
}
#endif
