import Delivery
import HTTP
import Testing
import Tokens

@testable import Gateway

#if Rooms && EmotionSync
@Suite struct GatewayUpgradeTests {
  private func claims(_ more: String = "") -> String { #"{"sub":"7","exp":1800000000\#(more)}"# }

  private func status(
    _ path: String, _ fields: String = "", origins: String = "*", _ limits: Limits = .few,
    rules: TokenRules = TokenRules(), clock: ClockRules = ClockRules()
  ) throws -> String {
    let simulation = try Simulation(limits, origins: origins, rules: rules, clock: clock)
    let peer = simulation.connect()
    peer.send(handshake(path, fields))
    simulation.run()
    simulation.check()
    return String(text(peer.output).dropFirst(9).prefix(3))
  }

  @Test func aTokenIsTakenFromEverySource() throws {
    let good = token(claims())
    #expect(try status("/api/ws") == "401")
    #expect(try status("/api/ws", "Authorization: Bearer \(good)\r\n") == "101")
    #expect(try status("/api/ws", "Authorization: bearer  \(good)\r\n") == "101")
    #expect(try status("/api/ws", "Authorization: Basic \(good)\r\n") == "401")
    #expect(try status("/api/ws?token=\(good)") == "101")
    #expect(try status("/api/ws", "Cookie: a=b; token=\(good)\r\n") == "101")
    #expect(
      try status("/api/ws", "Sec-WebSocket-Protocol: chat, bearer, \(good)\r\n") == "101")
    #expect(try status("/api/ws", "Sec-WebSocket-Protocol: \(good), bearer\r\n") == "401")
  }

  /// The first source that has one counts, good or bad.
  @Test func theSourcesHaveAnOrder() throws {
    let (good, bad) = (token(claims()), "x.y.z")
    let sources =
      [
        { "Authorization: Bearer \($0)\r\n" }, { "?token=\($0)" },
        { "Sec-WebSocket-Protocol: bearer, \($0)\r\n" }, { "Cookie: token=\($0)\r\n" },
      ] as [(String) -> String]
    for first in 0..<sources.count {
      for second in (first + 1)..<sources.count {
        for (one, other, expected) in [(good, bad, "101"), (bad, good, "401")] {
          let texts = [sources[first](one), sources[second](other)]
          let query = texts.first { $0.hasPrefix("?") } ?? ""
          let fields = texts.filter { !$0.hasPrefix("?") }.joined()
          #expect(try status("/api/ws" + query, fields) == expected, "\(first) before \(second)")
        }
      }
    }
  }

  @Test func aCookieCountsFromOriginsThatAreNamedOrTheHostsOwn() throws {
    let cookie = "Cookie: token=\(token(claims()))\r\n"
    func status(_ origin: String, _ origins: String) throws -> String {
      try self.status("/api/ws", cookie + "Origin: \(origin)\r\n", origins: origins)
    }
    #expect(try status("https://evil.example", "*") == "401")
    #expect(try status("https://a.example", "https://a.example") == "101")
    #expect(try status("https://a.example", "*,https://a.example") == "101")
    #expect(try status("http://a.example", "*") == "101")
    #expect(try status("http://a.example:81", "*") == "401")
    #expect(try status("null", "*") == "401")
  }

  @Test func bearerIsSelectedWhereItIsOffered() throws {
    let simulation = try Simulation()
    let peer = simulation.connect()
    peer.send(handshake("/api/ws", "Sec-WebSocket-Protocol: bearer, \(token(claims()))\r\n"))
    simulation.run()
    #expect(text(peer.output).contains("\r\nSec-WebSocket-Protocol: bearer\r\n"))
  }

  @Test func roomsTakeGuestsUnlessTheyMayNot() throws {
    #expect(try status("/ws/lobby") == "101")
    #expect(try status("/ws/lobby?token=x.y.z") == "401")
    #expect(try status("/ws/auth/lobby") == "401")
    #expect(try status("/ws/auth/lobby?token=\(token(claims()))") == "101")
    var limits = Limits.few
    limits.requiresToken = true
    let steps = Families.isBuiltIn(.steps) ? ["/ws/realtime"] : []
    for path in ["/ws", "/ws/lobby"] + steps {
      #expect(try status(path, limits) == "401")
      #expect(try status(path + "?token=\(token(claims()))", limits) == "101")
    }
    #expect(try status("/echo", limits) == (Families.isBuiltIn(.echo) ? "101" : "404"))
  }

  private func status(_ path: String, _ limits: Limits) throws -> String {
    try status(path, "", limits)
  }

  @Test(arguments: [
    ("Ada", "101"), ("%C3%84nne+M", "101"), (String(repeating: "x", count: 32), "101"),
    (String(repeating: "x", count: 33), "400"), ("", "400"), ("a%0Ab", "400"), ("%FF", "400"),
  ])
  func aGuestChoosesAName(name: String, expected: String) throws {
    #expect(try status("/ws/lobby?username=\(name)") == expected)
  }

  @Test func aBoardThatDoesNotKnowTheTimeSaysSo() throws {
    let path = "/api/ws?token=\(token(claims()))"
    let late = ClockRules(floor: 2_000_000_000_000)
    #expect(try status(path, clock: late) == "503")
    #expect(try status(path, rules: TokenRules(allowsUnsetClock: true), clock: late) == "101")
    let simulation = try Simulation(clock: ClockRules(needsSynchronization: true))
    for (isSynchronized, expected) in [(false, "503"), (true, "101")] {
      simulation.network.isClockSynchronized = isSynchronized
      let peer = simulation.connect()
      peer.send(handshake(path))
      simulation.run()
      #expect(text(peer.output).dropFirst(9).hasPrefix(expected))
    }
  }

  @Test func aConnectionEndsWithItsToken() throws {
    let simulation = try Simulation()
    let wall = (simulation.network.wallOffset + simulation.network.now) / 1000
    let peer = try simulation.open("/api/ws?token=\(token(#"{"sub":7,"exp":\#(wall + 20)}"#))")
    simulation.pass(19_000)
    #expect(!text(peer.output).contains("\u{88}"))
    simulation.pass(1_100)
    #expect(serverFrames(peer.output)?.last == .close(4401))
    #expect(Array(peer.output.suffix(15)) == [0x11, 0x31] + Array("token expired".utf8))
  }

  /// Within the leeway it is still taken, and lasts as long as that.
  @Test func aTokenThatCameInByTheLeewayLastsToItsEnd() throws {
    let simulation = try Simulation()
    let wall = (simulation.network.wallOffset + simulation.network.now) / 1000
    let peer = try simulation.open("/api/ws?token=\(token(#"{"sub":7,"exp":\#(wall - 10)}"#))")
    simulation.pass(19_000)
    #expect(serverFrames(peer.output)?.contains(.close(4401)) != true)
    simulation.pass(1_100)
    #expect(serverFrames(peer.output)?.last == .close(4401))
  }

  @Test func aFailedReloadLeavesAllAsItWas() throws {
    let simulation = try Simulation(level: .info)
    simulation.network.newKeys = nil
    simulation.network.signals = [.reload]
    simulation.run()
    #expect(
      simulation.network.log.contains { $0.contains("not reloaded") && $0.contains("no such") })
    let before = simulation.gateway.doorkeeper.keys.count
    simulation.network.newKeys = 5
    simulation.network.signals = [.reload]
    simulation.run()
    let after = simulation.gateway.doorkeeper.keys.count
    #expect(before == 1 && after == 5)
  }

  /// A check takes long, and anyone may ask for one: the others' turn comes after a few.
  @Test func aTurnChecksAFewSignatures() throws {
    var limits = Limits.few
    limits.connections = 30
    let simulation = try Simulation(limits)
    let bad = token(claims()).dropLast(4) + "AAAA"
    let peers = (0..<20).map { _ in simulation.connect() }
    for peer in peers { peer.send(handshake("/api/ws?token=\(bad)")) }
    var before = simulation.network.checks
    for _ in 0..<200 where simulation.turn() {
      #expect(simulation.network.checks - before <= 8)
      before = simulation.network.checks
    }
    #expect(before == 20)
    // Who guesses has to connect again.
    for peer in peers {
      #expect(text(peer.output).contains("401 Unauthorized\r\n"))
      #expect(text(peer.output).contains("Connection: close\r\n"))
    }
    simulation.check()
  }

  /// However many come anew in each turn with tokens that are no good: who waits is served, and who
  /// needs no token does not even wait.
  @Test func aFloodOfBadTokensStarvesNobody() throws {
    var limits = Limits.few
    limits.connections = 200
    let simulation = try Simulation(limits)
    let bad = token(claims()).dropLast(4) + "AAAA"
    let peers = (0..<150).map { _ in simulation.connect() }
    for peer in peers[..<20] { peer.send(handshake("/api/ws?token=\(bad)")) }
    let good = simulation.connect()
    good.send(handshake("/api/ws?token=\(token(claims()))"))
    let other = simulation.connect()
    other.send("GET /health HTTP/1.1\r\nHost: g\r\n\r\n")
    _ = simulation.turn()
    #expect(text(other.output).contains("healthy"))
    for turn in 0..<20 {
      for peer in peers[(20 + turn * 6)..<(26 + turn * 6)] {
        peer.send(handshake("/api/ws?token=\(bad)"))
      }
      _ = simulation.turn()
    }
    #expect(text(good.output).hasPrefix("HTTP/1.1 101"))
    simulation.run()
    simulation.check()
  }

  @Test func aGuestsIdIsNobodysByToken() throws {
    let guest = token(#"{"sub":"anon-1","exp":1800000000}"#)
    #expect(try status("/ws/lobby?token=\(guest)") == "403")
    let other = token(#"{"sub":"anon-x","exp":1800000000}"#)
    #expect(try status("/ws/lobby?token=\(other)") == "101")
  }

  @Test func typedConnectionsAreNotTakenForRooms() throws {
    let isThere = Families.isBuiltIn(.chat)
    #expect(try status("/ws?connection_type=general") == (isThere ? "401" : "404"))
    #expect(try status("/ws?connection_type=chat") == (isThere ? "400" : "404"))
    #expect(try status("/ws?connection_type=chat&room=stats") == (isThere ? "400" : "404"))
    #expect(try status("/ws?connection_type=chat&room=a") == (isThere ? "401" : "404"))
    let one = token(#"{"sub":"7","exp":1800000000}"#)
    #expect(try status("/ws?connection_type=chat&room=a&token=\(one)") == (isThere ? "101" : "404"))
    #expect(try status("/ws?connection_type=x") == "400")
    #expect(try status("/ws?connection_type=") == "400")
    #expect(try status("/ws/lobby?connection_type=chat") == "101")
  }

  @Test func onlyRoomsKnowSince() throws {
    #expect(try status("/ws/lobby?since=x") == "400")
    #expect(try status("/ws/lobby?since=5") == "101")
    #expect(try status("/api/ws?since=x&token=\(token(claims()))") == "101")
  }

  @Test func aKeyThatIsTakenAwayTakesItsConnectionsAlong() throws {
    let simulation = try Simulation()
    let user = try simulation.open("/ws/lobby?token=\(token(claims()))")
    let guest = try simulation.open("/ws/lobby")
    simulation.network.signals = [.reload]
    simulation.run()
    #expect(serverFrames(user.output)?.last?.opcode != 8)
    simulation.network.newFingerprint = 2
    simulation.network.signals = [.reload]
    simulation.run()
    #expect(serverFrames(user.output)?.last == .close(4401))
    #expect(serverFrames(guest.output)?.last?.opcode == 1)
  }

  @Test func noTokenReachesTheLog() throws {
    let simulation = try Simulation()
    let secret = token(claims(#","jti":"very-secret""#))
    for path in ["/api/ws?token=\(secret)", "/api/ws?token=\(secret)x", "/x?token=\(secret)"] {
      let peer = simulation.connect()
      peer.send(handshake(path, "Authorization: Basic \(secret)\r\n"))
      simulation.run()
      peer.hasEnded = true
      simulation.run()
    }
    #expect(!simulation.network.log.isEmpty)
    for part in secret.split(separator: ".") {
      #expect(!simulation.network.log.contains { $0.contains(part) })
    }
  }

  @Test func tooManyFromOneAddressAreToldWhenToComeAgain() throws {
    var limits = Limits.few
    limits.connectRate = 1
    limits.connectBurstSet = 2
    let simulation = try Simulation(limits)
    let peers = (0..<3).map { _ in simulation.connect() }
    for peer in peers { peer.send(handshake("/ws/lobby")) }
    simulation.run()
    #expect(peers.map { text($0.output).dropFirst(9).prefix(3) } == ["101", "101", "429"])
    #expect(text(peers[2].output).contains("\r\nRetry-After: 5\r\n"))
    let other = Peer()
    other.address = 8
    simulation.network.arriving.append(other)
    simulation.run()
    other.send(handshake("/ws/lobby"))
    simulation.run()
    #expect(text(other.output).hasPrefix("HTTP/1.1 101"))
  }
}
#endif
