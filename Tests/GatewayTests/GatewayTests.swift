import TestSupport
import Testing

@testable import Gateway

/// Turns among many peers that do what they like.
@Suite struct GatewayTests {
  /// Pools as small as the checks of settings allow.
  private var tiny: Limits {
    var limits = Limits.few
    limits.connections = 12
    limits.httpConnections = 3
    limits.messageMaximum = 600
    limits.readSlotsSet = 10
    limits.writeSlotsSet = 8
    limits.writePlacesSet = 8
    limits.receiveSizeSet = 700
    limits.handshakeTimeout = 3_000
    limits.readWait = 4_000
    limits.writeWait = 2_000
    limits.closeWait = 1_000
    limits.pingPeriod = 2_500
    limits.pongWait = 3_500
    limits.heartbeatInterval = 1_500
    limits.connectionTimeout = 5_000
    limits.stepIdleTimeout = 4_500
    return limits
  }

  private let paths = ["/echo", "/ws/realtime", "/health", "/nothing"]

  private func bytes(_ random: inout SplitMix64) -> [UInt8] {
    let length = Int.random(in: 0..<[4, 130, 700].randomElement(using: &random)!, using: &random)
    let noise = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    let letters = [UInt8](repeating: UInt8(ascii: "e"), count: length)
    switch Int.random(in: 0..<40, using: &random) {
    case 0: return noise
    case 1: return closeFrame(1000)
    case 2...4: return Array(handshake(paths.randomElement(using: &random)!).utf8)
    case 5: return frame(2, noise)
    case 6: return frame(1, letters, isFinal: false)
    case 7...8: return frame(0, letters, isFinal: length % 2 == 0)
    case 9...10: return frame(9, Array(letters.prefix(125)))
    case 11...12: return frame(10)
    case 13: return frame(#"{"action":"stop"}"#)
    case 14: return frame(#"{"action":"stats"}"#)
    case 15: return frame(2, [UInt8](repeating: 0, count: 24 * (length / 24)))
    default: return frame(1, letters)
    }
  }

  private func act(_ peer: Peer, _ random: inout SplitMix64) {
    switch Int.random(in: 0..<60, using: &random) {
    case 0: peer.hasEnded = true
    case 1: peer.isReset = true
    case 2: peer.isBroken = true
    case 3...6: peer.window = 0
    case 7...9: peer.window = Int.random(in: 1..<2_000, using: &random)
    case 10...16: peer.window = .max
    default:
      guard !peer.hasEnded, peer.inbox.count < 20 else { return }
      let all = (0..<Int.random(in: 1..<6, using: &random)).flatMap { _ in bytes(&random) }
      var start = 0
      while start < all.count {
        let end = min(all.count, start + Int.random(in: 1..<900, using: &random))
        peer.send(Array(all[start..<end]))
        start = end
      }
    }
  }

  private func arrive(_ random: inout SplitMix64) -> Peer {
    let peer = Peer()
    if Bool.random(using: &random) { peer.send(handshake(paths[Int(random.next() % 2)])) }
    return peer
  }

  /// Nothing traps, nothing is lost, nothing spins, and the others' slots come back.
  @Test(arguments: 0..<24 as Range<UInt64>)
  func whateverPeersDoEverySlotIsAccountedFor(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let simulation = try Simulation(tiny, level: .error)
    var peers: [Peer] = []
    for step in 0..<1_500 {
      if peers.count < 18 {
        let peer = arrive(&random)
        peers.append(peer)
        simulation.network.arriving.append(peer)
      }
      for _ in 0..<3 { if let peer = peers.randomElement(using: &random) { act(peer, &random) } }
      if step % 50 == 49 { simulation.pass(UInt64.random(in: 1..<3_000, using: &random)) }
      _ = simulation.turn()
      simulation.check()
      peers.removeAll { $0.isClosed }
    }
    for peer in peers {
      peer.hasEnded = true
      peer.window = .max
    }
    simulation.pass(30_000)
    simulation.expectEmpty()
  }

  #if Echo
  /// Whatever the cuts, the bytes that come back are the same.
  @Test func aStreamMayBeCutAnywhere() throws {
    let stream =
      frame("one") + frame(9, [1, 2]) + frame("tw", isFinal: false) + frame(9, [3])
      + frame(0, Array("o é".utf8)) + frame(2, (0...255).map { $0 })
      + frame(1, Array("x".utf8), isFinal: false) + frame(0, isFinal: false) + frame(0)
      + frame(10) + frame(1) + frame("end") + closeFrame(1000)
    let right: [ServerFrame] = [
      .text("one"), .pong([1, 2]), .pong([3]), .text("two é"),
      ServerFrame(opcode: 2, payload: (0...255).map { $0 }), .text("x"), .text(""), .text("end"),
      .close(1000),
    ]
    func answers(_ cuts: [Int]) throws -> [ServerFrame]? {
      let simulation = try Simulation()
      let peer = try simulation.open("/echo")
      var start = 0
      for cut in cuts + [stream.count] where cut > start {
        peer.send(Array(stream[start..<cut]))
        simulation.run()
        simulation.check()
        start = cut
      }
      peer.hasEnded = true
      simulation.run()
      simulation.expectEmpty()
      return serverFrames(peer.output)
    }
    for cut in 0..<stream.count {
      let cutAnswers = try answers([cut])
      #expect(cutAnswers == right, "cut at \(cut)")
    }
    var random = SplitMix64(seed: 1)
    for _ in 0..<200 {
      let cuts = (0..<9).map { _ in Int.random(in: 0..<stream.count, using: &random) }.sorted()
      let cutAnswers = try answers(cuts)
      #expect(cutAnswers == right, "cut at \(cuts)")
    }
  }
  #endif
}
