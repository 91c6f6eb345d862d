import Testing

@testable import Gateway

@Suite struct GatewaySendingTests {
  #if StepDetection || Echo
  @Test func aCloseIsAnsweredWithItsCode() throws {
    for (sent, answered) in [
      (closeFrame(1000), ServerFrame.close(1000)), (closeFrame(4711), .close(4711)),
      (frame(8), .emptyClose), (closeFrame(1005), .close(1002)), (frame(8, [3]), .close(1002)),
      (frame(8, [3, 232, 0xFF]), .close(1007)),
    ] {
      let simulation = try Simulation()
      let peer = try simulation.open()
      peer.send(sent + frame(#"{"action":"reset"}"#) + frame(9))
      simulation.run()
      #expect(serverFrames(peer.output) == [answered])
      #expect(peer.isFinished && !peer.isClosed)
      peer.hasEnded = true
      simulation.run()
      #expect(peer.isClosed)
      simulation.expectEmpty()
    }
  }

  @Test(
    arguments: [
      ([0xC1, 0x80], 1002), ([0x83, 0x80], 1002), ([0x81, 0x01], 1002), ([0x09, 0x80], 1002),
      ([0x80, 0x80, 1, 2, 3, 4], 1002), ([0x89, 0xFE, 0, 126], 1002), ([0x81, 0xFE, 2, 1], 1009),
      ([0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0], 1002), ([0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007),
    ] as [([UInt8], UInt16)])
  func aViolationIsAnsweredWithItsCode(bytes: [UInt8], code: UInt16) throws {
    let simulation = try Simulation()
    let peer = try simulation.open()
    peer.send(bytes + frame(9))
    simulation.run()
    #expect(serverFrames(peer.output) == [.close(code)] && peer.isFinished)
    simulation.pass(5_000)
    #expect(peer.isClosed)
    simulation.expectEmpty()
  }

  @Test func whoMissedAFrameIsClosedWithWhoseFaultItWas() throws {
    for (isOurs, code) in [(true, 1011), (false, 1013)] as [(Bool, UInt16)] {
      let simulation = try Simulation()
      let peer = try simulation.open()
      let place = try #require(peer.place)
      if isOurs {
        simulation.gateway.mailroom.fault(place)
      } else {
        simulation.gateway.mailroom.missed.insert(place)
      }
      simulation.gateway.sendAll()
      simulation.run()
      #expect(serverFrames(peer.output) == [.close(code)])
      peer.hasEnded = true
      simulation.run()
      simulation.expectEmpty()
    }
  }

  #if StepDetection
  @Test func afterOurCloseNothingIsDelivered() throws {
    let simulation = try Simulation()
    let peer = try simulation.open()
    peer.send(frame(#"{"action":"stop"}"#) + frame(#"{"action":"reset"}"#) + frame(9, [1]))
    simulation.run()
    let frames = try #require(serverFrames(peer.takeOutput()))
    #expect(frames.count == 2 && frames.last == .close(1000) && !peer.isFinished)
    peer.send(frame(#"{"action":"reset"}"#) + closeFrame(1000))
    simulation.run()
    #expect(peer.output.isEmpty && peer.isFinished)
    simulation.check()
  }
  #endif

  /// What a lingering peer still sends is thrown away, without a slot and without a spin.
  @Test func aLingeringPeerIsReadEvenWhenThePoolIsEmpty() throws {
    var limits = Limits.few
    limits.readSlotsSet = 6
    let simulation = try Simulation(limits)
    let lingering = try simulation.open()
    let hogs = [simulation.connect(), simulation.connect(), simulation.connect()]
    for hog in hogs { hog.send("GET / HTTP/1.1\r\nA: a") }
    simulation.run()
    let left = simulation.gateway.readPool.available
    #expect(left <= Limits.readReserve)
    simulation.gateway.close(lingering.place ?? 0, .normal)
    simulation.gateway.linger(lingering.place ?? 0)
    lingering.send([UInt8](repeating: 0, count: 100))
    simulation.run(200)
    #expect(lingering.inbox.isEmpty)
    lingering.hasEnded = true
    simulation.run(200)
    #expect(lingering.isClosed)
  }
  #endif

  #if Echo
  @Test func aPeerThatReadsNothingIsNotReadAndLosesNothing() throws {
    let simulation = try Simulation()
    let (slow, other) = (try simulation.open("/echo"), try simulation.open("/echo"))
    slow.window = 0
    let messages = (0..<400).map { "message \($0) " + String(repeating: "x", count: $0 % 300) }
    for message in messages { slow.send(frame(message)) }
    for round in 0..<50 {
      other.send(frame("round \(round)"))
      simulation.run()
      #expect(serverFrames(other.takeOutput()) == [.text("round \(round)")])
    }
    #expect(slow.output.isEmpty && slow.inbox.count > 300)
    simulation.check()
    while serverFrames(slow.output)?.count != messages.count {
      try #require(!slow.isClosed)
      slow.window = 100
      simulation.run()
    }
    #expect(serverFrames(slow.output) == messages.map { .text($0) })
    simulation.check()
  }

  /// Also where a payload comes without the head in front of it.
  @Test func messagesTornAnywhereAreAnswered() throws {
    for size in [0, 1, 20, 125, 126, 400] {
      let message = String(repeating: "m", count: size)
      let bytes = frame(message)
      for place in 1..<bytes.count {
        let simulation = try Simulation()
        let peer = try simulation.open("/echo")
        peer.send(Array(bytes[..<place]))
        simulation.run()
        peer.send(Array(bytes[place...]))
        simulation.run()
        #expect(serverFrames(peer.output) == [.text(message)], "\(size) bytes, torn at \(place)")
      }
    }
  }

  /// Answers to what came at once go in one write: wherever the network tears it, none is lost.
  @Test func answersTornAnywhereArriveWhole() throws {
    let messages = ["a", "", String(repeating: "b", count: 130), "c"]
    let whole = messages.reduce(0) { $0 + $1.utf8.count + ($1.utf8.count > 125 ? 4 : 2) }
    for window in 0...whole {
      let simulation = try Simulation()
      let peer = try simulation.open("/echo")
      peer.window = window
      peer.send(messages.flatMap { frame($0) })
      simulation.run()
      #expect(peer.output.count == window)
      peer.send(frame("behind"))
      simulation.check()
      peer.window = .max
      simulation.run()
      #expect(serverFrames(peer.output) == (messages + ["behind"]).map { .text($0) }, "\(window)")
      peer.hasEnded = true
      simulation.run()
      simulation.expectEmpty()
    }
  }

  @Test func withoutProgressTheSlowPeerIsTold1013AndClosed() throws {
    let simulation = try Simulation()
    let (slow, other) = (try simulation.open("/echo"), try simulation.open("/echo"))
    slow.window = 30
    for _ in 0..<100 { slow.send(frame(String(repeating: "y", count: 500))) }
    simulation.pass(9_000)
    // Enough for a slot to come back: that is progress, a byte now and then is none.
    slow.window = 300
    simulation.pass(9_000)
    #expect(!slow.isClosed && !slow.isFinished)
    simulation.pass(1_000)
    other.send(frame("still here"))
    simulation.run()
    #expect(serverFrames(other.output) == [.text("still here")])
    #expect(simulation.network.places[slow.place ?? 0] === slow)
    slow.window = .max
    simulation.run()
    // The frame begun comes whole, then the code.
    let whole = ServerFrame.text(String(repeating: "y", count: 500))
    #expect(serverFrames(slow.output) == [whole, .close(1013)])
    #expect(slow.isFinished)
    simulation.pass(5_000)
    #expect(slow.isClosed)
  }

  /// Answers of sixteen slots, of which three use up the pool.
  @Test func whoTakesNothingGoesBeforeThoseWhoWaitForItsSlots() throws {
    var limits = Limits.few
    limits.messageMaximum = 4000
    limits.writeSlotsSet = 60
    let simulation = try Simulation(limits)
    let slow = try (0..<4).map { _ in try simulation.open("/echo") }
    let good = try simulation.open("/echo")
    for peer in slow {
      peer.window = 0
      peer.send(frame(String(repeating: "s", count: 4000)))
    }
    simulation.run()
    good.send(frame("hello"))
    simulation.run()
    #expect(good.output.isEmpty)
    simulation.pass(limits.pressureWait - 1)
    #expect(good.output.isEmpty)
    simulation.pass(2 * limits.pressureWait)
    #expect(serverFrames(good.takeOutput()) == [.text("hello")])
    good.send(frame("again"))
    simulation.run()
    #expect(serverFrames(good.output) == [.text("again")])
    slow[0].window = .max
    simulation.run()
    #expect(serverFrames(slow[0].output) == [.close(1013)])
    simulation.check()
  }

  /// What was begun to be sent stays for a while, and then goes as well.
  @Test func whoTakesNothingOfWhatItHasBegunGoesInTheEnd() throws {
    var limits = Limits.few
    limits.messageMaximum = 4000
    limits.writeSlotsSet = 60
    let simulation = try Simulation(limits)
    let slow = try (0..<3).map { _ in try simulation.open("/echo") }
    for peer in slow {
      peer.window = 1
      peer.send(frame(String(repeating: "s", count: 4000)))
    }
    simulation.run()
    let good = simulation.connect()
    good.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
    simulation.run()
    #expect(good.output.isEmpty)
    simulation.pass(3 * limits.pressureWait)
    #expect(String(decoding: good.output, as: UTF8.self).hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(slow.contains { $0.isClosed })
    simulation.check()
  }

  @Test func whoReadsNothingAtAllIsDroppedInTheEnd() throws {
    let simulation = try Simulation()
    let slow = try simulation.open("/echo")
    slow.window = 0
    slow.send(frame("z"))
    simulation.pass(10_000)
    #expect(!slow.isClosed)
    simulation.pass(5_000)
    #expect(slow.isClosed && slow.output.isEmpty)
    simulation.expectEmpty()
  }

  /// What is queued before the peer's close reaches it, also when it has ended its side.
  @Test func whatIsQueuedOutlivesThePeersEnd() throws {
    let simulation = try Simulation()
    let peer = try simulation.open("/echo")
    peer.window = 5
    peer.send(frame("one") + frame("two") + closeFrame(1000))
    peer.hasEnded = true
    simulation.run()
    #expect(!peer.isClosed)
    peer.window = .max
    simulation.run()
    #expect(serverFrames(peer.output) == [.text("one"), .text("two"), .close(1000)])
    #expect(peer.isClosed)
    simulation.expectEmpty()
  }

  /// Four peers fill the write pool; as slots come back, all go on.
  @Test func whoWaitsForSlotsGoesOnWhenTheyComeBack() throws {
    var limits = Limits.few
    limits.messageMaximum = 1000
    // Exactly as many as the check of settings asks for: 2024 bytes are eight slots.
    limits.messageMaximum = 1024
    limits.writeSlotsSet = 9
    limits.writePlacesSet = 9
    let simulation = try Simulation(limits)
    let peers = try (0..<4).map { _ in try simulation.open("/echo") }
    let message = String(repeating: "w", count: 1024)
    for peer in peers {
      peer.window = 100
      for _ in 0..<5 { peer.send(frame(message)) }
    }
    simulation.run()
    simulation.check()
    for _ in 0..<200 {
      for peer in peers { peer.window = 100 }
      simulation.run()
      simulation.check()
    }
    for peer in peers {
      #expect(serverFrames(peer.output) == Array(repeating: .text(message), count: 5))
    }
  }
  #endif
}
