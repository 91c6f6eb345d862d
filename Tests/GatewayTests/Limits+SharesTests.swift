import Testing

@testable import Gateway

@Suite struct LimitsSharesTests {
  /// What the plan says, the pools of slots aside.
  private func planned(_ limits: Limits) -> Int64 {
    let pools = limits.poolBytes()
    // As much as a session takes with Debian's mbedTLS, which is more than with ours.
    let plan = MemoryPlan(
      limits, bytesPerLink: 512, bytesPerSession: 42 << 10, bytesPerHandshake: 24 << 10)
    return plan.sum - pools.read - pools.write
  }

  private func estimated(_ limits: Limits) -> Int64 { limits.shares.reduce(0) { $0 + $1.bytes } }

  @Test func theEstimateIsNoLessThanThePlan() {
    #expect(estimated(Limits()) >= planned(Limits()))
  }

  @Test(arguments: [
    \Limits.connections, \.httpConnections, \.rooms, \.roomHistory, \.emotionUsersSet,
    \.queueUsersSet, \.testSessions, \.testParticipantsSet, \.stepSessionsSet, \.writePlacesSet,
    \.secureConnectionsSet, \.handshakes,
  ])
  func norIsItWhenACountIsLarge(_ setting: WritableKeyPath<Limits, Int> & Sendable) {
    var limits = Limits()
    limits.isSecure = true
    limits[keyPath: setting] = 10_000
    #expect(estimated(limits) >= planned(limits))
  }

  @Test(arguments: [
    \Limits.messageMaximum, \.bodyMaximum, \.roomHistorySize, \.queueSize, \.testAnswersSize,
    \.testParticipantSize, \.batchSizeSet, \.receiveSizeSet,
  ])
  func norIsItWhenASizeIsLarge(_ setting: WritableKeyPath<Limits, Int> & Sendable) {
    var limits = Limits()
    limits.keepsRecords = true
    limits.roomHistory = 100
    limits[keyPath: setting] = 64 << 20
    #expect(estimated(limits) >= planned(limits))
  }

  /// A 32-bit board would have ended its start in a trap, or without the memory.
  @Test(
    arguments: [
      "WEBSOCKET_MAX_ROOMS=1000000 WEBSOCKET_ROOM_HISTORY=100", "EMOTION_MAX_USERS=10000000",
      "USER_QUEUE_USERS=10000000",
      "USER_QUEUE_SIZE=1024M", "TEST_ANSWERS_SIZE=1024M", "STEP_MAX_SESSIONS=1000000",
      "TEST_MAX_PARTICIPANTS=1000000 WEBSOCKET_MAX_ROOMS=600000",
      "TLS_CERT_FILE=a TLS_KEY_FILE=b WEBSOCKET_MAX_TLS_CONNECTIONS=30000 "
        + "WEBSOCKET_MAX_CONNECTIONS=30000",
    ].filter { _ in BuildTrait.allCases.allSatisfy(\.isBuiltIn) })
  func whatABoardCannotAddressIsRefused(_ settings: String) throws {
    let environment = settings.split(separator: " ").map { Array($0.utf8) }
    let error = try #require(throws: ConfigurationError.self) {
      try Configuration(
        environment: environment, table: .gateway, traits: BuildTrait.allCases,
        addressable: Int64(Int32.max / 2))
    }
    #expect(error.lines.count == 1)
    #expect(String(decoding: error.lines[0], as: UTF8.self).contains("can address"))
  }
}
