import Testing

@testable import Gateway

#if Admin && Rooms
@Suite struct GatewayManagementTests {
  private let admin = token(#"{"sub":"boss","role":"admin","exp":1800000000}"#)

  private func request(
    _ line: String, body: String = "", _ simulation: Simulation
  ) -> String {
    let peer = simulation.connect()
    let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
    peer.send(
      "\(line) HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(admin)\r\n\(length)\r\n\(body)"
    )
    simulation.run()
    defer {
      peer.hasEnded = true
      simulation.run()
    }
    return text(peer.takeOutput())
  }

  private func status(_ answer: String) -> Substring { answer.dropFirst(9).prefix(3) }

  @Test(arguments: ["/ws/stats", "/ws/connections", "/metrics", "/sessions", "/ws/broadcast"])
  func onlyAdminsComeIn(path: String) throws {
    let simulation = try Simulation()
    let method = path == "/ws/broadcast" ? "POST" : "GET"
    let isThere = path != "/sessions" || Families.isBuiltIn(.steps)
    for (field, expected) in [
      ("", "401"), ("Authorization: Bearer x.y.z\r\n", "401"),
      ("Authorization: Bearer \(token(#"{"sub":"7","exp":1800000000}"#))\r\n", "403"),
    ] {
      let peer = simulation.connect()
      peer.send("\(method) \(path) HTTP/1.1\r\nHost: g\r\n\(field)\r\n")
      simulation.run()
      #expect(status(text(peer.output)) == (isThere ? expected : "404"))
      peer.hasEnded = true
      simulation.run()
    }
  }

  /// Every pool, every kind of error, both histograms, and the end of each.
  @Test func theMetricsAreWhole() throws {
    let simulation = try Simulation()
    _ = try simulation.open("/ws/lobby")
    let answer = request("GET /metrics", simulation)
    for pool in PoolKind.allCases {
      #expect(answer.contains("\nmartlet_pool_peak{pool=\"\(pool.name)\"} "))
    }
    for incident in Incident.allCases {
      #expect(answer.contains("\nmartlet_errors_total{kind=\"\(incident.name)\"} "))
    }
    #expect(answer.contains("\nmartlet_connections{family=\"rooms\"} 1\n"))
    #expect(answer.contains("\nmartlet_rooms 1\n"))
    #expect(answer.contains("\nmartlet_turn_duration_seconds_bucket{le=\"+Inf\"} "))
    #expect(answer.contains("\nmartlet_connection_duration_seconds_count 0\n"))
    #expect(answer.hasSuffix("\r\n0\r\n\r\n"))
  }

  /// However little the admin's kernel takes at once, and however small the pool.
  @Test(arguments: [1, 7, 100, 5_000])
  func aLongAnswerComesWholeInPieces(window: Int) throws {
    var limits = Limits.few
    limits.connections = 40
    let simulation = try Simulation(limits)
    for room in 0..<30 {
      _ = try simulation.open("/ws/room-\(room)-\(String(repeating: "x", count: 40))")
    }
    let peer = simulation.connect()
    peer.window = 0
    peer.send("GET /ws/connections HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(admin)\r\n\r\n")
    peer.send("GET /health HTTP/1.1\r\nHost: g\r\n\r\n")
    for _ in 0..<40_000 where !text(peer.output).contains("healthy") {
      peer.window = window
      simulation.run()
      try #require(!peer.isClosed)
    }
    simulation.check()
    let answer = text(peer.output)
    let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1)
    #expect(parts[0].contains("Transfer-Encoding: chunked"))
    let body = try #require(unchunked(parts[1]))
    #expect(body.hasPrefix(#"{"connections":[{"connection_id":"rooms_anon-1_"#))
    #expect(body.hasSuffix("}]}"))
    for room in 0..<30 { #expect(body.contains("room-\(room)-")) }
    #expect(!body.contains(",,") && !body.contains("[,") && !body.contains(",]"))
  }

  /// The chunks joined, nil when they are not well formed; what follows is another response.
  private func unchunked(_ text: Substring) -> String? {
    var (rest, body) = (text[...], "")
    while let end = rest.firstRange(of: "\r\n") {
      guard let size = Int(rest[..<end.lowerBound], radix: 16) else { return nil }
      rest = rest[end.upperBound...]
      if size == 0 { return body }
      let data = rest.utf8.prefix(size)
      body += String(decoding: data, as: UTF8.self)
      rest = Substring(rest.utf8.dropFirst(size))
      guard rest.hasPrefix("\r\n") else { return nil }
      rest = rest.dropFirst(1)
    }
    return nil
  }

  @Test func aBroadcastGoesToThoseThatAllFiltersMatch() throws {
    let simulation = try Simulation()
    let one = try simulation.open("/ws/one?token=\(token(#"{"sub":"7","exp":1800000000}"#))")
    let two = try simulation.open("/ws/two")
    for (query, delivered) in [
      ("", 2), ("?room=one", 1), ("?user_id=7", 1), ("?user_id=7&room=two", 0),
      ("?connection_type=rooms", 2), ("?connection_type=step-session", 0), ("?room=none", 0),
    ] where Families.isBuiltIn(.steps) || !query.contains("step") {
      _ = (one.takeOutput(), two.takeOutput())
      let answer = request(
        "POST /ws/broadcast\(query)", body: #"{"type":"news","text":"x"}"#, simulation)
      #expect(answer.hasSuffix(#"{"delivered":\#(delivered)}"#), "\(query)")
      let received = [one, two].filter { text($0.output).contains(#""type":"news""#) }.count
      #expect(received == delivered, "\(query)")
    }
    #expect(
      status(request("POST /ws/broadcast?connection_type=x", body: "{}", simulation)) == "400")
    #expect(status(request("POST /ws/broadcast?room=a%2Fb", body: "{}", simulation)) == "400")
    #expect(status(request("POST /ws/broadcast", body: "{}", simulation)) == "422")
    #expect(status(request("POST /ws/broadcast", body: "x", simulation)) == "422")
    simulation.check()
  }

  /// In every two pieces, with a length or in chunks; the connection serves the next request.
  @Test func aBodyMayComeInPieces() throws {
    let body = #"{"type":"news"}"#
    let head = "POST /ws/broadcast HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(admin)\r\n"
    let forms = [
      "Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
      "Transfer-Encoding: chunked\r\n\r\n5\r\n\(body.prefix(5))\r\n"
        + "a;x=y\r\n\(body.dropFirst(5))\r\n0\r\n\r\n",
    ]
    for form in forms {
      let request = Array((head + form).utf8)
      for split in stride(from: head.utf8.count, through: request.count, by: 1) {
        let simulation = try Simulation()
        let peer = simulation.connect()
        peer.send(Array(request[..<split]))
        simulation.run()
        peer.send(Array(request[split...]))
        peer.send("GET /health HTTP/1.1\r\nHost: g\r\n\r\n")
        simulation.run()
        let answer = text(peer.output)
        #expect(answer.contains(#"{"delivered":0}"#) && answer.contains("healthy"), "\(split)")
        simulation.check()
      }
    }
  }

  @Test func aBodyThatIsTooLargeOrTooSlowIsRefused() throws {
    var limits = Limits.few
    limits.bodyMaximum = 200
    limits.handshakeTimeout = 1_000
    let simulation = try Simulation(limits)
    let head = "POST /ws/broadcast HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(admin)\r\n"
    for (more, expected) in [
      ("Content-Length: 201\r\n\r\n", "413"),
      ("Transfer-Encoding: chunked\r\n\r\nc9\r\n", "413"),
      ("Transfer-Encoding: chunked\r\n\r\nx\r\n", "400"),
      (
        "Transfer-Encoding: chunked\r\n\r\n"
          + String(repeating: "1;\(String(repeating: "x", count: 90))\r\na\r\n", count: 30), "413"
      ),
      ("Content-Length: 20\r\n\r\n{", "408"),
    ] {
      let peer = simulation.connect()
      peer.send(head + more)
      simulation.pass(1_100)
      #expect(status(text(peer.output)) == expected, "\(more.prefix(40))")
      peer.hasEnded = true
      simulation.pass(10)
      simulation.check()
    }
  }

  /// A long head, and then chunks of a byte each: whatever comes is kept or refused.
  @Test func chunksOfAByteFindTheirEnd() throws {
    let simulation = try Simulation()
    let peer = simulation.connect()
    let head = "POST /ws/broadcast HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(admin)\r\n"
    let rest = Limits.few.headMaximum - head.utf8.count - 50
    peer.send(
      head + "X: \(String(repeating: "x", count: rest))\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in 0..<2_000 where peer.output.isEmpty {
      peer.send("1\r\na\r\n")
      simulation.run()
    }
    #expect(status(text(peer.output)) == "413")
    simulation.check()
  }

  @Test func aBroadcastWithoutRoomHarmsNobody() throws {
    var limits = Limits.few
    limits.bodyMaximum = 4096
    limits.roomMembersSet = 1
    limits.writeSlotsSet = 8
    let simulation = try Simulation(limits)
    let peer = try simulation.open("/ws/lobby")
    let long = #"{"type":"\#(String(repeating: "x", count: 3_000))"}"#
    #expect(status(request("POST /ws/broadcast", body: long, simulation)) == "503")
    #expect(request("POST /ws/broadcast", body: #"{"type":"x"}"#, simulation).hasSuffix(":1}"))
    #expect(serverFrames(peer.output)?.last?.opcode == 1)
    simulation.check()
  }

  @Test(arguments: ["rooms=a", "user=7", "room=a&user=7", "room=a&room=b", "type=rooms"])
  func aFilterThatIsMisspeltMeansNobody(query: String) throws {
    let simulation = try Simulation()
    let peer = try simulation.open("/ws/a")
    #expect(status(request("DELETE /ws/connections?\(query)", simulation)) == "400")
    #expect(
      status(request("POST /ws/broadcast?\(query)", body: #"{"type":"x"}"#, simulation)) == "400")
    #expect(serverFrames(peer.output)?.last?.opcode != 8 && !text(peer.output).contains(#""x""#))
  }

  /// Lists of names that nobody reads hold no more than their share: the others go on.
  @Test func listsThatNobodyReadsHoldNobodyUp() throws {
    var limits = Limits.few
    limits.connections = 30
    let simulation = try Simulation(limits)
    let name = String(repeating: "n", count: 32)
    let slow = try (0..<20).map { _ in try simulation.open("/ws/lobby?username=\(name)") }
    for peer in slow {
      peer.window = 0
      for _ in 0..<50 { peer.send(frame(#"{"type":"user_list","room":"lobby"}"#)) }
    }
    simulation.run()
    let other = simulation.connect()
    for _ in 0..<20 {
      other.send("GET /health HTTP/1.1\r\nHost: g\r\n\r\n")
      simulation.run()
      #expect(text(other.takeOutput()).contains("healthy"))
    }
    // They are told all the same, as soon as they read.
    for peer in slow { peer.window = .max }
    simulation.run(200_000)
    for peer in slow {
      let lists = text(peer.output).split(separator: "user_list").count - 1
      #expect(lists == 50 || peer.isFinished)
    }
    simulation.check()
  }

  /// One guest who joins and leaves a full room without end takes many turns, not one long one.
  @Test func oneLoudGuestTakesManyTurns() throws {
    var limits = Limits.few
    limits.connections = 100
    limits.messageRate = MessageRate.Limit(rate: 0, burst: 0, grace: 0)
    let simulation = try Simulation(limits)
    for _ in 0..<90 { _ = try simulation.open("/ws/lobby") }
    let loud = try simulation.open("/ws/lobby")
    let chunk = (0..<100).flatMap { _ in
      frame(#"{"type":"leave","room":"lobby"}"#) + frame(#"{"type":"join","room":"lobby"}"#)
    }
    loud.send(chunk)
    var before = simulation.gateway.mailroom.messageCount
    for _ in 0..<5_000 where simulation.turn() {
      let now = simulation.gateway.mailroom.messageCount
      #expect(now - before < 2 * (1024 + 4 * 100 + 300))
      before = now
    }
    #expect(text(loud.output).split(separator: #""type":"leave""#).count == 101)
    simulation.check()
  }

  @Test func whoWaitsForItIsToldToGoOnOnce() throws {
    let simulation = try Simulation()
    let peer = simulation.connect()
    peer.send(
      "POST /ws/broadcast HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(admin)\r\n"
        + "Expect: 100-continue\r\nContent-Length: 11\r\n\r\n")
    simulation.run()
    #expect(text(peer.takeOutput()) == "HTTP/1.1 100 Continue\r\n\r\n")
    peer.send("{\"type\":")
    simulation.run()
    #expect(peer.output.isEmpty)
    peer.send("\"\"}")
    simulation.run()
    #expect(status(text(peer.output)) == "200")
  }

  @Test func connectionsAreEndedByNameAndByFilter() throws {
    let simulation = try Simulation()
    let peers = try ["/ws/one", "/ws/one", "/ws/two"].map { try simulation.open($0) }
    let list = request("GET /ws/connections", simulation)
    let start = try #require(list.firstRange(of: "rooms_anon-2_"))
    let id = list[start.lowerBound...].prefix { $0 != "\"" }
    #expect(status(request("DELETE /ws/connections/\(id)x", simulation)) == "404")
    let answer = request("DELETE /ws/connections/\(id)", simulation)
    #expect(answer.hasSuffix(#"{"disconnected":"\#(id)"}"#))
    #expect(serverFrames(peers[1].output)?.last == .close(4409))
    #expect(status(request("DELETE /ws/connections", simulation)) == "400")
    #expect(
      request("DELETE /ws/connections?room=one", simulation).hasSuffix(#"{"disconnected":1}"#))
    #expect(serverFrames(peers[0].output)?.last == .close(4409))
    #expect(serverFrames(peers[2].output)?.contains(.close(4409)) != true)
    simulation.check()
  }

  @Test func otherOriginsAreToldWhatTheyMay() throws {
    func answer(_ request: String, _ origins: String) throws -> String {
      let simulation = try Simulation(origins: origins)
      let peer = simulation.connect()
      peer.send(request)
      simulation.run()
      return text(peer.output)
    }
    let preflight =
      "OPTIONS /ws/stats HTTP/1.1\r\nHost: g\r\nOrigin: https://a.example\r\n"
      + "Access-Control-Request-Method: GET\r\n\r\n"
    let open = try answer(preflight, "*")
    #expect(status(open) == "204")
    #expect(open.contains("Access-Control-Allow-Origin: *\r\n"))
    #expect(open.contains("Access-Control-Allow-Methods: GET, HEAD\r\n"))
    #expect(open.contains("Access-Control-Allow-Headers: Authorization, Content-Type\r\n"))
    #expect(!open.contains("Credentials") && !open.contains("Content-Length"))
    let named = try answer(preflight, "https://a.example")
    #expect(named.contains("Access-Control-Allow-Origin: https://a.example\r\n"))
    #expect(named.contains("Access-Control-Allow-Credentials: true\r\nVary: Origin\r\n"))
    #expect(status(try answer(preflight, "https://b.example")) == "403")
    let get = "GET /health HTTP/1.1\r\nHost: g\r\nOrigin: https://a.example\r\n\r\n"
    #expect(try answer(get, "*").contains("Access-Control-Allow-Origin: *\r\n"))
    let foreign = try answer(get, "https://b.example")
    #expect(status(foreign) == "200" && !foreign.contains("Access-Control"))
    let deletion =
      "DELETE /ws/connections?room=x HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(admin)\r\n"
      + "Origin: https://a.example\r\n\r\n"
    #expect(status(try answer(deletion, "https://b.example")) == "403")
    #expect(status(try answer(deletion, "*")) == "200")
  }
}
#endif
