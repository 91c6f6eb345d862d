import Testing

@testable import Gateway

@Suite struct GatewayReceivingTests {
  private let torn = "GET / HTTP/1.1\r\nA: \(String(repeating: "a", count: 990))"

  #if StepDetection
  @Test func pingsAreAnsweredBetweenFragments() throws {
    let simulation = try Simulation()
    let peer = try simulation.open()
    peer.send(frame(#"{"action":"#, isFinal: false))
    simulation.run()
    peer.send(frame(9, [7, 8, 9]))
    simulation.run()
    #expect(serverFrames(peer.takeOutput()) == [.pong([7, 8, 9])])
    peer.send(frame(0, Array(#""reset"}"#.utf8)))
    simulation.run()
    let frames = try #require(serverFrames(peer.output))
    #expect(frames.count == 1 && text(frames[0].payload).contains("reset_response"))
    simulation.check()
  }

  @Test func frameThatCameWithTheHandshakeIsRead() throws {
    let simulation = try Simulation()
    let peer = simulation.connect()
    peer.send(Array(handshake("/ws/realtime").utf8) + frame(9, [5]))
    simulation.run()
    let bytes = peer.output
    let end = try #require(text(bytes).firstRange(of: "\r\n\r\n"))
    let head = text(bytes)[..<end.upperBound].utf8.count
    let frames = try #require(serverFrames(Array(bytes[head...])))
    #expect(frames.count == 2 && frames[1] == .pong([5]))
  }
  #endif

  #if StepDetection || Echo
  /// Long torn heads of strangers get no more than half of the pool.
  @Test func whoIsInIsReadWhateverStrangersHold() throws {
    var limits = Limits.few
    limits.readSlotsSet = 12
    let simulation = try Simulation(limits)
    let open = try simulation.open()
    open.output = []
    let hogs = [simulation.connect(), simulation.connect(), simulation.connect()]
    for hog in hogs { hog.send(torn) }
    simulation.run()
    simulation.check()
    open.send(frame(9, [1]))
    simulation.run(100)
    #expect(serverFrames(open.output) == [.pong([1])])
    #expect(hogs.contains { text($0.output).hasPrefix("HTTP/1.1 503 ") })
    simulation.pass(10_000)
    #expect(hogs.allSatisfy { !$0.output.isEmpty })
    simulation.check()
  }
  #endif

  #if StepDetection
  /// A fragment and what waits behind it need one slot more than when all of it waited as one. The
  /// argument moves the place where the outbox is full: some stall just behind the fragment.
  @Test(arguments: 20..<40)
  func goingOnNeverNeedsASlotThatIsNotThere(messages: Int) throws {
    var limits = Limits.few
    limits.connections = 12
    limits.httpConnections = 60
    limits.readSlotsSet = 120
    limits.writeSlotsSet = 300
    let simulation = try Simulation(limits)
    let peers = try (0..<12).map { _ in try simulation.open() }
    let ping = frame(9, [UInt8](repeating: 1, count: 125))
    for peer in peers {
      peer.window = 0
      let first = (0..<messages).flatMap { _ in frame("{}") }
      peer.send(first + frame("{", isFinal: false) + ping + ping + frame(0, [0x7D]) + ping)
    }
    simulation.run()
    for _ in 0..<60 where simulation.gateway.readPool.available > Limits.readReserve {
      simulation.connect().send(torn)
      simulation.run()
    }
    for _ in 0..<10 {
      for peer in peers {
        guard let place = peer.place else { continue }
        peer.window = simulation.gateway.queued(place)
      }
      simulation.run()
      simulation.check()
    }
    for peer in peers { #expect(serverFrames(peer.output)?.count == messages + 4) }
  }
  #endif
}
