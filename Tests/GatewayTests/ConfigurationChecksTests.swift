import Testing

@testable import Gateway

@Suite struct ConfigurationChecksTests {
  @Test func pingsComeMoreOftenThanPongsAreMissed() {
    #expect(
      faults("WEBSOCKET_PING_PERIOD=1m") == [
        "WEBSOCKET_PING_PERIOD=\"60s\": must be less than WEBSOCKET_PONG_WAIT (60s)"
      ])
    #expect(
      faults("WEBSOCKET_PONG_WAIT=20s") == [
        "WEBSOCKET_PING_PERIOD=\"54s\": must be less than WEBSOCKET_PONG_WAIT (20s)"
      ])
    #expect(faults("WEBSOCKET_PONG_WAIT=100ms", "WEBSOCKET_PING_PERIOD=99ms") == [])
  }

  @Test func aPoolHoldsTheAnswerToOneMessageAndOneBegun() {
    // 4096 + 1024 bytes are five blocks of 1024 exactly.
    #expect(
      faults(
        "WEBSOCKET_MAX_MESSAGE_SIZE=4096", "WEBSOCKET_WRITE_BUFFERS=6",
        "WEBSOCKET_MAX_ROOM_MEMBERS=1", "TEST_PARTICIPANT_SIZE=512") == [])
    #expect(
      faults(
        "WEBSOCKET_MAX_MESSAGE_SIZE=4097", "WEBSOCKET_WRITE_BUFFERS=6",
        "WEBSOCKET_MAX_ROOM_MEMBERS=1") == [
          "WEBSOCKET_WRITE_BUFFERS=\"6\": too few blocks for one of "
            + "WEBSOCKET_MAX_MESSAGE_SIZE (4097); at least 7"
        ])
  }

  /// A queue counts its parcels in 16 bits.
  @Test func noQueueIsLongerThanItCanCount() {
    #expect(faults("WEBSOCKET_WRITE_QUEUE=65000") == [])
    #expect(faults("WEBSOCKET_WRITE_QUEUE=65001").count == 1)
    #expect(faults("WEBSOCKET_MAX_MESSAGE_SIZE=64M") == [])
  }

  @Test func oneSecretIsEnough() {
    #expect(
      faults("JWT_SECRET=hunter2", "JWT_SECRET_FILE=/run/secret") == [
        "JWT_SECRET=\"(set, hidden)\": set this or the other, and not both: "
          + "JWT_SECRET_FILE (/run/secret)"
      ])
    #expect(faults("JWT_SECRET=hunter2", "JWT_SECRET_FILE=") == [])
    #expect(faults("JWT_SECRET=", "JWT_SECRET_FILE=/run/secret") == [])
  }

  #if TLS
  @Test func aKeyWithoutACertificateIsAMistake() {
    #expect(
      faults("TLS_KEY_FILE=a.key", "TLS_CLIENT_CA_FILE=ca.pem") == [
        "TLS_KEY_FILE=\"a.key\": needs a certificate in TLS_CERT_FILE",
        "TLS_CLIENT_CA_FILE=\"ca.pem\": needs a certificate in TLS_CERT_FILE",
      ])
    #expect(faults("TLS_CERT_FILE=a.pem") == [])
    #expect(faults("TLS_CERT_FILE=a.crt", "TLS_KEY_FILE=a.key") == [])
  }
  #endif

  @Test func originsAreCheckedWithEverythingElse() {
    #expect(faults("WEBSOCKET_ALLOWED_ORIGINS=*") == [])
    #expect(
      faults("WEBSOCKET_ALLOWED_ORIGINS=https://a.example,b.example") == [
        "WEBSOCKET_ALLOWED_ORIGINS=\"https://a.example,b.example\": entry \"b.example\": "
          + "an origin is scheme://host or scheme://host:port, without a path"
      ])
    #expect(
      faults("WEBSOCKET_ALLOWED_ORIGINS=,", "WEBSOCKET_PORT=x").map { $0.prefix(26) } == [
        "WEBSOCKET_PORT=\"x\": not a ", "WEBSOCKET_ALLOWED_ORIGINS=",
      ])
  }

  @Test func aPoolHoldsTheLargestOfWhatItIsFor() {
    #expect(
      faults("WEBSOCKET_READ_BUFFERS=16") == [
        "WEBSOCKET_READ_BUFFERS=\"16\": too few blocks for one of WEBSOCKET_MAX_HEAD_SIZE (8k); "
          + "at least 17"
      ])
    // One that is compressed may come longer than it is.
    let slots = BuildTrait.deflate.isBuiltIn ? 27 : 25
    #expect(
      faults("WEBSOCKET_READ_BUFFERS=24", "WEBSOCKET_MAX_MESSAGE_SIZE=9k") == [
        "WEBSOCKET_READ_BUFFERS=\"24\": too few blocks for one of "
          + "WEBSOCKET_MAX_MESSAGE_SIZE (9k); at least \(slots)"
      ])
    #expect(
      faults("WEBSOCKET_WRITE_BUFFERS=99", "WEBSOCKET_MAX_MESSAGE_SIZE=100k") == [
        "WEBSOCKET_WRITE_BUFFERS=\"99\": too few blocks for one of "
          + "WEBSOCKET_MAX_MESSAGE_SIZE (100k); at least 102"
      ])
    #expect(
      faults(
        "WEBSOCKET_READ_BUFFERS=17", "WEBSOCKET_WRITE_BUFFERS=6", "WEBSOCKET_MAX_ROOM_MEMBERS=1",
        "TEST_PARTICIPANT_SIZE=512") == [])
    #expect(
      faults("WEBSOCKET_WRITE_BUFFERS=6", "WEBSOCKET_MAX_ROOM_MEMBERS=1")
        == (BuildTrait.typedConnections.isBuiltIn
          ? [
            "WEBSOCKET_WRITE_BUFFERS=\"6\": too few blocks for the answers of one participant, "
              + "TEST_PARTICIPANT_SIZE (16k); at least 19"
          ] : []))
  }

  /// As many as there are for a million connections and rooms of one member.
  private static var slotsOfAMillion: Int {
    var limits = Limits()
    limits.connections = 1_000_000
    limits.roomMembersSet = 1
    return limits.writeSlots
  }

  @Test(arguments: [
    (
      ["WEBSOCKET_MAX_CONNECTIONS=1000000", "WEBSOCKET_MAX_ROOM_MEMBERS=1"],
      "WRITE_BUFFERS=\"0\" (derived: \(ConfigurationChecksTests.slotsOfAMillion))",
      "WRITE_BUFFER_SIZE (1024)"
    ),
    (
      ["WEBSOCKET_READ_BUFFERS=40000", "WEBSOCKET_READ_BUFFER_SIZE=32k"],
      "READ_BUFFERS=\"40000\"", "READ_BUFFER_SIZE (32k)"
    ),
  ])
  func poolsThatABoardCannotAddressAreRefused(
    environment: [String], blocks: String, size: String
  ) {
    let line =
      "WEBSOCKET_\(blocks): more than this machine can address with WEBSOCKET_\(size)"
    do throws(ConfigurationError) {
      _ = try Configuration(
        environment: environment.map { Array($0.utf8) }, table: .gateway,
        traits: BuildTrait.allCases, addressable: Int64(Int32.max / 2))
      Issue.record("started")
    } catch {
      #expect(error.lines == [Array(line.utf8)])
    }
  }

  @Test func aFaultySettingIsComparedWithNothing() {
    #expect(faults("WEBSOCKET_PING_PERIOD=often").count == 1)
    #expect(faults("WEBSOCKET_MAX_HEAD_SIZE=9M", "WEBSOCKET_READ_BUFFERS=1").count == 1)
  }

  @Test(arguments: [
    ("WEBSOCKET_READ_BUFFER_SIZE", "256", "255"), ("WEBSOCKET_READ_BUFFER_SIZE", "32k", "32769"),
    ("WEBSOCKET_WRITE_BUFFER_SIZE", "256", "255"), ("WEBSOCKET_WRITE_BUFFER_SIZE", "32k", "33k"),
    ("WEBSOCKET_MAX_CONNECTIONS", "1", "0"), ("WEBSOCKET_MAX_CONNECTIONS", "1000000", "1000001"),
    ("WEBSOCKET_MAX_MESSAGE_SIZE", "125", "124"), ("WEBSOCKET_MAX_MESSAGE_SIZE", "63M", "65M"),
    ("WEBSOCKET_MAX_HEAD_SIZE", "512", "511"), ("WEBSOCKET_MAX_HEAD_SIZE", "32k", "33k"),
    ("WEBSOCKET_HEARTBEAT_INTERVAL", "10ms", "0"), ("WEBSOCKET_CONNECTION_TIMEOUT", "24h", "0s"),
    ("WEBSOCKET_PORT", "0", "65536"), ("WEBSOCKET_MESSAGE_RATE", "0", "1000001"),
    ("WEBSOCKET_RATE_GRACE", "0", "61m"), ("WEBSOCKET_WRITE_QUEUE", "0", "7"),
  ])
  func rangesEndWhereTheySay(name: String, good: String, bad: String) {
    #expect(faults("\(name)=\(good)") == [])
    let lines = faults("\(name)=\(bad)")
    #expect(lines.count == 1)
    #expect(lines.allSatisfy { $0.hasPrefix("\(name)=\"\(bad)\": out of range; allowed: ") })
  }
}
