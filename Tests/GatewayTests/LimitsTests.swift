import Testing

@testable import Gateway

@Suite struct LimitsTests {
  @Test func theDefaultsGiveASmallServer() throws {
    let limits = Limits(try configured())
    #expect(limits.places == 1016)
    #expect(limits.receiveSize == 16 * (512 + 14))
    #expect(limits.receivedSize == 8192 + 4096 + 1024 + 8416)
    #expect(limits.replyMaximum == max(512 + 1024, limits.longestReply))
    // A piece of an HTTP answer, with its fields: a head alone, or a test's participant.
    let piece = max(4096, 2048 + limits.longestSessionPiece) + 1024
    #expect(
      limits.draftSize
        == max(limits.replyMaximum, limits.longestWaiting, limits.longestPublished + 512, piece))
    #expect(limits.writePlaces == 16)
    #expect(limits.readSlots == 1016 + 1 + 13 + 2 * 9 + 3)
    #expect(limits.writeSlots == 1016 + 4 + 2 * ((limits.longestWaiting + 1023) / 1024) + 4 * 16)
    #expect(limits.stepSessions == 1000)
  }

  @Test func whatIsSetIsNotDerived() throws {
    let limits = Limits(
      try configured(
        "WEBSOCKET_WRITE_QUEUE=9", "WEBSOCKET_READ_BUFFERS=50", "WEBSOCKET_WRITE_BUFFERS=60",
        "WEBSOCKET_RECEIVE_SIZE=4k", "STEP_MAX_SESSIONS=7", "WEBSOCKET_HTTP_CONNECTIONS=3",
        "WEBSOCKET_MAX_CONNECTIONS=9"))
    #expect(limits.writePlaces == 9)
    #expect(limits.readSlots == 50)
    #expect(limits.writeSlots == 60)
    #expect(limits.receiveSize == 4096)
    #expect(limits.stepSessions == 7)
    #expect(limits.places == 12)
  }

  @Test func everyTimeComesFromItsSetting() throws {
    let limits = Limits(
      try configured(
        "WEBSOCKET_HANDSHAKE_TIMEOUT=1s", "WEBSOCKET_PING_PERIOD=2s", "WEBSOCKET_PONG_WAIT=3s",
        "WEBSOCKET_HEARTBEAT_INTERVAL=4s", "WEBSOCKET_CONNECTION_TIMEOUT=5s",
        "WEBSOCKET_READ_WAIT=6s", "WEBSOCKET_WRITE_WAIT=7s", "WEBSOCKET_CLOSE_WAIT=8s",
        "WEBSOCKET_SHUTDOWN_WAIT=9s", "STEP_IDLE_TIMEOUT=10s"))
    let times = [
      limits.handshakeTimeout, limits.pingPeriod, limits.pongWait, limits.heartbeatInterval,
      limits.connectionTimeout, limits.readWait, limits.writeWait, limits.closeWait,
      limits.shutdownWait, limits.stepIdleTimeout,
    ]
    #expect(times == (1...10).map { $0 * 1000 })
  }

  @Test func aBuildWithoutStepDetectionTakesTheDefaults() throws {
    let limits = Limits(try configured(traits: []))
    #expect(limits.stepSessions == limits.connections)
    #expect(limits.stepIdleTimeout == 300_000)
  }

  /// A receive must never find less room than its bytes may need, torn across two chains.
  @Test(arguments: ["125", "512", "16k", "8M"], ["256", "1024", "32k"])
  func theReadPoolHoldsWhatOneReceiveMayLeave(message: String, block: String) throws {
    let limits = Limits(
      try configured(
        "WEBSOCKET_MAX_MESSAGE_SIZE=\(message)", "WEBSOCKET_READ_BUFFER_SIZE=\(block)",
        "WEBSOCKET_WRITE_BUFFER_SIZE=32k", "WEBSOCKET_MAX_CONNECTIONS=1"))
    let received = Limits.slots(for: limits.receiveSize, limits.readSlotSize)
    let message = Limits.slots(for: limits.messageMaximum, limits.readSlotSize)
    let head = Limits.slots(for: limits.headMaximum, limits.readSlotSize)
    #expect(limits.readSlots >= max(received, message + head) + Limits.readReserve)
    #expect(limits.receivedSize >= limits.headMaximum + limits.receiveSize)
  }

  @Test(arguments: ["125", "512", "16k", "8M"], ["256", "1024", "32k"])
  func theLongestReplyFitsTheDraftTheQueueAndThePool(message: String, block: String) throws {
    let limits = Limits(
      try configured(
        "WEBSOCKET_MAX_MESSAGE_SIZE=\(message)", "WEBSOCKET_WRITE_BUFFER_SIZE=\(block)",
        "WEBSOCKET_MAX_CONNECTIONS=1"))
    let reply = Limits.slots(for: limits.replyMaximum, limits.writeSlotSize)
    #expect(limits.draftSize >= max(limits.replyMaximum, Limits.responseMaximum))
    #expect(limits.writeSlots > max(reply, limits.writePlaces))
  }

  /// Every default queue holds what `Configuration` asks of one that is set.
  @Test(arguments: ["125", "512", "16k", "8M"], ["256", "1024", "32k"])
  func aDerivedQueueWouldPassItsOwnCheck(message: String, block: String) throws {
    let sizes = [
      "WEBSOCKET_MAX_MESSAGE_SIZE=\(message)", "WEBSOCKET_WRITE_BUFFER_SIZE=\(block)",
    ]
    let queue = Limits(try configured(sizes[0], sizes[1])).writePlaces
    #expect(faults(sizes[0], sizes[1], "WEBSOCKET_WRITE_QUEUE=\(queue)") == [])
  }

  @Test func theReportKnowsWhatAZeroComesTo() throws {
    let limits = Limits(try configured())
    #expect(limits.derived(.receiveSize) == limits.receiveSize)
    #expect(limits.derived(.writeQueue) == limits.writePlaces)
    #expect(limits.derived(.readBuffers) == limits.readSlots)
    #expect(limits.derived(.writeBuffers) == limits.writeSlots)
    #expect(limits.derived(.stepMaxSessions) == limits.stepSessions)
    #expect(limits.derived(.port) == nil)
  }
}
