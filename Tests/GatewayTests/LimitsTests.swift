import Testing

@testable import Gateway

@Suite struct LimitsTests {
  @Test func theDefaultsGiveASmallServer() throws {
    let limits = Limits(try configured())
    #expect(limits.connections == 1016)
    #expect(limits.receiveSize == 16 << 10)
    #expect(limits.writeQueue == 16)
    #expect(limits.readBlocks == 1016 + 16 * 8)
    #expect(limits.writeBlocks == 1016 * 2 + 16 * 16)
    #expect(limits.burst == 0)
    #expect(limits.stepSessions == 1000)
  }

  @Test func theQueueGrowsWithTheLargestMessage() throws {
    let limits = Limits(
      try configured("WEBSOCKET_MAX_MESSAGE_SIZE=1M", "WEBSOCKET_WRITE_BUFFER_SIZE=16k"))
    #expect(limits.writeQueue == 2 * 65 + 2)
    #expect(limits.receiveSize == 64 << 10)
  }

  @Test func whatIsSetIsNotDerived() throws {
    let limits = Limits(
      try configured(
        "WEBSOCKET_WRITE_QUEUE=5", "WEBSOCKET_READ_BUFFERS=50", "WEBSOCKET_WRITE_BUFFERS=60",
        "WEBSOCKET_RECEIVE_SIZE=4k", "STEP_MAX_SESSIONS=7", "WEBSOCKET_MESSAGE_RATE=10",
        "WEBSOCKET_BURST=30"))
    #expect(limits.writeQueue == 5)
    #expect(limits.readBlocks == 50)
    #expect(limits.writeBlocks == 60)
    #expect(limits.receiveSize == 4096)
    #expect(limits.stepSessions == 7)
    #expect(limits.burst == 30)
  }

  @Test func aBurstFollowsItsRate() throws {
    #expect(Limits(try configured("WEBSOCKET_MESSAGE_RATE=10")).burst == 10)
    #expect(Limits(try configured("WEBSOCKET_BURST=10")).burst == 0)
  }

  @Test func aBuildWithoutStepDetectionHasNoSessions() throws {
    #expect(Limits(try configured(traits: [])).stepSessions == 0)
  }

  /// Every default queue holds what `Configuration` asks of one that is set.
  @Test(arguments: ["125", "512", "16k", "64M"], ["256", "1024", "32k"])
  func aDerivedQueueWouldPassItsOwnCheck(message: String, block: String) throws {
    let sizes = [
      "WEBSOCKET_MAX_MESSAGE_SIZE=\(message)", "WEBSOCKET_WRITE_BUFFER_SIZE=\(block)",
    ]
    let queue = Limits(try configured(sizes[0], sizes[1])).writeQueue
    #expect(faults(sizes[0], sizes[1], "WEBSOCKET_WRITE_QUEUE=\(queue)") == [])
  }
}
