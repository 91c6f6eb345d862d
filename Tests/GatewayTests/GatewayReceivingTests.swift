import Testing

@testable import Gateway

@Suite struct GatewayReceivingTests {
  private let torn = "GET / HTTP/1.1\r\nA: \(String(repeating: "a", count: 990))"

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

  /// Torn heads take all slots: nobody is read, until their time is over.
  @Test func whoStarvesGoesOnWhenSlotsComeBack() throws {
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
    #expect(open.output.isEmpty)
    simulation.pass(10_000)
    #expect(hogs.allSatisfy { text($0.output).hasPrefix("HTTP/1.1 408 ") })
    #expect(serverFrames(open.output) == [.pong([1])])
    simulation.check()
  }

  #if Echo
  /// A message in pieces and what waits behind it may need one slot more than when all of it
  /// waited in one chain.
  @Test func goingOnNeverNeedsASlotThatIsNotThere() throws {
    var limits = Limits.few
    limits.connections = 20
    limits.messageMaximum = 400
    limits.readSlotsSet = 40
    limits.writeSlotsSet = 100
    limits.writePlacesSet = 7
    limits.receiveSizeSet = 1024
    let simulation = try Simulation(limits)
    let peers = try (0..<20).map { _ in try simulation.open("/echo") }
    let message = frame(String(repeating: "m", count: 300))
    let piece = frame(1, [UInt8](repeating: 0x70, count: 30), isFinal: false)
    for peer in peers {
      peer.window = 0
      for _ in 0..<20 { peer.send(message + piece + frame(0) + message) }
    }
    for round in 0..<400 {
      for peer in peers { peer.window = 150 + 7 * round % 300 }
      simulation.run()
      simulation.check()
    }
    for peer in peers { peer.window = .max }
    simulation.run()
    #expect(peers.allSatisfy { serverFrames($0.output)?.count == 60 })
    simulation.check()
  }
  #endif
}
