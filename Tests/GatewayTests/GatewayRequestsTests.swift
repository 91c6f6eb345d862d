import HTTP
import Testing

@testable import Gateway

@Suite struct GatewayRequestsTests {
  private let health = "GET /health HTTP/1.1\r\nHost: a.example\r\n\r\n"

  /// The head and the body of the first response; the rest stays out.
  private func response(_ bytes: [UInt8]) -> (head: [Substring], body: String) {
    let text = text(bytes).replacing("\r\n", with: "\n")
    guard let end = text.firstRange(of: "\n\n") else { return ([], text) }
    return (text[..<end.lowerBound].split(separator: "\n"), String(text[end.upperBound...]))
  }

  private func answer(
    to request: String, _ limits: Limits = .few, origins: String = "*"
  ) throws -> (head: [Substring], body: String) {
    let simulation = try Simulation(limits, origins: origins)
    let peer = simulation.connect()
    peer.send(request)
    simulation.run()
    simulation.check()
    return response(peer.output)
  }

  #if StepDetection || Echo
  /// RFC 6455, section 1.3 has this key and this answer.
  @Test func theOpeningHandshakeOfTheStandard() throws {
    let (head, _) = try answer(to: handshake(guestPath))
    #expect(
      head == [
        "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
      ])
  }

  @Test(arguments: [
    ("x\r\n\r\n", "400 Bad Request", "Connection: close"),
    ("GET /../x HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request", "Connection: close"),
    (
      handshake(guestPath).replacing(sampleKey, with: "c2hvcnQ="), "400 Bad Request",
      "Connection: keep-alive"
    ),
    ("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", "404 Not Found", "Connection: keep-alive"),
    ("PUT /health HTTP/1.1\r\nHost: a\r\n\r\n", "405 Method Not Allowed", "Allow: GET, HEAD"),
    ("POST \(guestPath) HTTP/1.1\r\nHost: a\r\n\r\n", "405 Method Not Allowed", "Allow: GET"),
    (
      "GET \(guestPath) HTTP/1.1\r\nHost: a\r\n\r\n", "426 Upgrade Required",
      "Sec-WebSocket-Version: 13"
    ),
    (
      handshake(guestPath).replacing("Version: 13", with: "Version: 8"),
      "426 Upgrade Required", "Upgrade: websocket"
    ),
    (
      "GET /\(String(repeating: "a", count: 2000)) HTTP/1.1\r\n", "414 URI Too Long",
      "Connection: close"
    ),
    (
      "GET / HTTP/1.1\r\nA: \(String(repeating: "a", count: 2000))\r\n",
      "431 Request Header Fields Too Large", "Connection: close"
    ),
  ])
  func whatIsRefusedIsToldWhy(request: String, status: String, field: Substring) throws {
    let (head, body) = try answer(to: request)
    #expect(head.first == "HTTP/1.1 \(status)")
    #expect(head.contains(field), "\(head)")
    #expect(head.contains("Content-Type: application/json"))
    #expect(head.contains("Content-Length: \(body.utf8.count)"))
    #expect(body.hasPrefix(#"{"error":""#) && body.hasSuffix(#""}"#))
  }

  @Test func onlyOriginsThatAreNamedMayUpgrade() throws {
    func status(_ origin: String) throws -> Substring? {
      try answer(
        to: handshake(guestPath, "Origin: \(origin)\r\n"),
        origins: "https://a.example,https://*.b.example"
      ).head.first?.dropFirst(9).prefix(3)
    }
    #expect(try status("https://a.example") == "101")
    #expect(try status("https://x.b.example") == "101")
    #expect(try status("https://b.example") == "403")
    #expect(try status("null") == "403")
  }

  @Test func withoutRoomAnUpgradeIsToldWhenToComeAgain() throws {
    var limits = Limits.few
    limits.connections = 1
    limits.httpConnections = 3
    let simulation = try Simulation(limits)
    let first = try simulation.open()
    let second = simulation.connect()
    second.send(handshake(guestPath) + health)
    simulation.run()
    let (head, body) = response(second.output)
    #expect(head.first == "HTTP/1.1 503 Service Unavailable")
    #expect(head.contains("Retry-After: 5") && head.contains("Connection: close"))
    #expect(body.contains(#""error":"unavailable""#) && !body.contains("healthy"))
    first.hasEnded = true
    simulation.run()
    let third = simulation.connect()
    third.send(handshake(guestPath))
    simulation.run()
    #expect(text(third.output).hasPrefix("HTTP/1.1 101"))
  }

  @Test func aGatewayThatIsTurnedOffUpgradesNobody() throws {
    var limits = Limits.few
    limits.isEnabled = false
    #expect(try answer(to: handshake(guestPath), limits).head.first?.contains("503") == true)
    #expect(try answer(to: health, limits).head.first == "HTTP/1.1 200 OK")
  }
  #endif

  @Test func aConnectionIsKeptUntilItsPeerWantsItClosed() throws {
    let simulation = try Simulation()
    let peer = simulation.connect()
    for _ in 0..<3 {
      peer.send(health)
      simulation.run()
      #expect(text(peer.takeOutput()).hasPrefix("HTTP/1.1 200 OK\r\n"))
    }
    #expect(!peer.isFinished)
    peer.send(health.replacing("Host:", with: "Connection: close\r\nHost:"))
    simulation.run()
    #expect(text(peer.output).contains("Connection: close") && peer.isFinished && !peer.isClosed)
    peer.hasEnded = true
    simulation.run()
    #expect(peer.isClosed)
    simulation.expectEmpty()
  }

  @Test func aBodyThatNobodyReadsEndsTheConnection() throws {
    let simulation = try Simulation()
    let peer = simulation.connect()
    peer.send("POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 44\r\n\r\n" + health)
    simulation.run()
    let answers = text(peer.output).components("HTTP/1.1 ")
    #expect(answers == 1 && peer.isFinished)
  }

  #if StepDetection || Echo
  @Test func manyRequestsInOnePacketAreAnsweredInOrder() throws {
    let simulation = try Simulation()
    let peer = simulation.connect()
    let nothing = health.replacing("/health", with: "/nothing")
    let requests = health + nothing + health + nothing + handshake(guestPath)
    peer.send(requests)
    simulation.run()
    let statuses = text(peer.output).split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
    #expect(statuses == ["200", "404", "200", "404", "101"])
    simulation.check()
  }
  #endif

  #if StepDetection
  /// Wherever the bytes are cut, the answers are the same.
  @Test func aRequestMayComeInPieces() throws {
    let requests =
      Array(
        (health + health.replacing("/health", with: "/n") + handshake("/ws/realtime")).utf8)
      + frame(#"{"action":"reset"}"#)
    func answers(_ cuts: [Int]) throws -> String {
      let simulation = try Simulation()
      let peer = simulation.connect()
      var start = 0
      for cut in cuts + [requests.count] {
        peer.send(Array(requests[start..<cut]))
        simulation.run()
        simulation.check()
        start = cut
      }
      return text(peer.output)
    }
    let whole = try answers([])
    #expect(whole.contains("200 OK") && whole.contains("404") && whole.contains("101"))
    #expect(whole.contains("session_started") && whole.contains("reset_response"))
    for cut in 1..<requests.count {
      let cutAnswers = try answers([cut])
      #expect(cutAnswers == whole, "cut at \(cut)")
    }
    let each = try answers(Array(1..<requests.count))
    #expect(each == whole)
  }
  #endif

  @Test func aTornHeadIsAnsweredInTimeAndSilenceIsNot() throws {
    let simulation = try Simulation()
    let torn = simulation.connect()
    let silent = simulation.connect()
    torn.send("GET / HTTP/1.1\r\nHo")
    simulation.pass(9_999)
    #expect(torn.output.isEmpty && !torn.isClosed && !silent.isClosed)
    simulation.pass(2)
    #expect(text(torn.output).hasPrefix("HTTP/1.1 408 Request Timeout\r\n") && torn.isFinished)
    #expect(silent.isClosed && silent.output.isEmpty)
    simulation.pass(5_000)
    #expect(torn.isClosed)
    simulation.expectEmpty()
  }

  /// A client that has said all it wants to say may still read.
  @Test func anAnswerReachesAPeerThatHasEndedItsSide() throws {
    let simulation = try Simulation()
    let peer = simulation.connect()
    peer.window = 10
    peer.send(health)
    peer.hasEnded = true
    simulation.run()
    #expect(!peer.isClosed)
    peer.window = .max
    simulation.run()
    #expect(text(peer.output).hasSuffix("}") && peer.isClosed)
    simulation.expectEmpty()
  }
}

extension String {
  fileprivate func components(_ separator: String) -> Int { ranges(of: separator).count }
}
