extension SettingTable {
  private static let second: Int64 = 1000
  private static let hour = 3600 * second
  static let day = 24 * hour
  private static let kilobyte = 1024
  private static let megabyte = 1024 * kilobyte

  static var listening: SettingSection {
    SettingSection(
      "Listening",
      settings: [
        Setting(
          .enabled, "WEBSOCKET_ENABLED", .flag, "true",
          "Whether connections are taken; if not, every upgrade is answered with 503."),
        Setting(
          .host, "WEBSOCKET_HOST", .addresses, "0.0.0.0,::", "The addresses to listen on."),
        Setting(
          .port, "WEBSOCKET_PORT", .number(0...65535, of: ""), "8000",
          "The TCP port on every address; 0 takes a free one."),
        Setting(
          .allowedOrigins, "WEBSOCKET_ALLOWED_ORIGINS", .text(1...4096), "*",
          "The origins that browsers may come from, separated by commas; * is any."),
        Setting(
          .requireAuth, "WEBSOCKET_REQUIRE_AUTH", .flag, "false",
          "Whether step sessions and rooms need a token, too."),
      ])
  }

  static var limits: SettingSection {
    SettingSection(
      "Limits",
      settings: [
        Setting(
          .maxConnections, "WEBSOCKET_MAX_CONNECTIONS", .number(1...1_000_000, of: "connections"),
          "1000", "WebSocket connections at once; one more is answered with 503."),
        Setting(
          .httpConnections, "WEBSOCKET_HTTP_CONNECTIONS", .number(1...10_000, of: "connections"),
          "16", "Connections beyond those, for plain HTTP and for refusals."),
        Setting(
          .maxMessageSize, "WEBSOCKET_MAX_MESSAGE_SIZE", .size(125...64 * megabyte), "512",
          "The largest message taken from a client; a larger one closes with 1009."),
        Setting(
          .maxHeadSize, "WEBSOCKET_MAX_HEAD_SIZE", .size(512...32 * kilobyte), "8k",
          "The largest request line with its headers; a larger one is answered with 431."),
        Setting(
          .maxHeaders, "WEBSOCKET_MAX_HEADERS", .number(8...256, of: "headers"), "64",
          "Header lines of one request; more are answered with 431."),
        Setting(
          .maxBodySize, "WEBSOCKET_MAX_BODY_SIZE", .size(125...megabyte), "4k",
          "The largest body of a request; a larger one is answered with 413."),
      ])
  }

  static var rates: SettingSection {
    SettingSection(
      "Rates",
      settings: [
        Setting(
          .messageRate, "WEBSOCKET_MESSAGE_RATE", .number(1...1_000_000, of: "messages a second"),
          "0", zero: "no limit",
          "How fast one connection may go on sending; what is more is refused."
        ),
        Setting(
          .burst, "WEBSOCKET_BURST", .number(1...1_000_000, of: "messages"), "0",
          zero: "one second's worth", "Messages that may come at once before the rate counts."),
        Setting(
          .byteRate, "WEBSOCKET_BYTE_RATE", .size(125...64 * megabyte), "0", zero: "no limit",
          "The same in bytes a second."),
        Setting(
          .byteBurst, "WEBSOCKET_BYTE_BURST", .size(125...64 * megabyte), "0",
          zero: "one second's worth", "Bytes that may come at once before their rate counts."),
        Setting(
          .rateGrace, "WEBSOCKET_RATE_GRACE", .duration(0...hour), "10s",
          "How long a connection may be over its rate before it is closed with 1008."),
        Setting(
          .connectRate, "WEBSOCKET_CONNECT_RATE", .number(1...100_000, of: "connections a second"),
          "0", zero: "no limit",
          "How fast one address (IPv6: one /64) may connect; more are answered with 429."),
        Setting(
          .connectBurst, "WEBSOCKET_CONNECT_BURST", .number(1...100_000, of: "connections"), "0",
          zero: "ten seconds' worth", "Connections that may come at once before that rate counts."),
      ])
  }

  static var timers: SettingSection {
    SettingSection(
      "Timers",
      settings: [
        Setting(
          .handshakeTimeout, "WEBSOCKET_HANDSHAKE_TIMEOUT", .duration(10...hour), "10s",
          "A whole request head must have come by then, else 408."),
        Setting(
          .readWait, "WEBSOCKET_READ_WAIT", .duration(10...hour), "30s",
          "A message that has begun must be whole by then."),
        Setting(
          .writeWait, "WEBSOCKET_WRITE_WAIT", .duration(10...hour), "10s",
          "A receiver that takes nothing for so long is closed with 1013."),
        Setting(
          .closeWait, "WEBSOCKET_CLOSE_WAIT", .duration(10...hour), "5s",
          "How long the peer's answer to a close frame is waited for."),
        Setting(
          .pingPeriod, "WEBSOCKET_PING_PERIOD", .duration(10...day), "54s",
          "How often the server pings; less than WEBSOCKET_PONG_WAIT."),
        Setting(
          .pongWait, "WEBSOCKET_PONG_WAIT", .duration(10...day), "60s",
          "How long a ping may go unanswered."),
        Setting(
          .heartbeatInterval, "WEBSOCKET_HEARTBEAT_INTERVAL", .duration(10...day), "30s",
          "How often connections are swept for those that have gone silent."),
        Setting(
          .connectionTimeout, "WEBSOCKET_CONNECTION_TIMEOUT", .duration(10...day), "60s",
          "A connection that was silent for so long is closed at the next sweep."),
        Setting(
          .shutdownWait, "WEBSOCKET_SHUTDOWN_WAIT", .duration(0...hour), "10s",
          "The time over which a stopping server says 1001 to everyone."),
      ])
  }

  static var memory: SettingSection {
    SettingSection(
      "Memory",
      settings: [
        Setting(
          .readBufferSize, "WEBSOCKET_READ_BUFFER_SIZE", .size(256...32 * kilobyte), "1024",
          "The block size of the pool that torn messages and heads wait in."),
        Setting(
          .writeBufferSize, "WEBSOCKET_WRITE_BUFFER_SIZE", .size(256...32 * kilobyte), "1024",
          "The block size of the pool that outgoing messages wait in."),
        Setting(
          .readBuffers, "WEBSOCKET_READ_BUFFERS", .number(1...16_777_216, of: "blocks"), "0",
          zero: "derived", "How many blocks the pool for reading has."),
        Setting(
          .writeBuffers, "WEBSOCKET_WRITE_BUFFERS", .number(1...16_777_216, of: "blocks"), "0",
          zero: "derived", "How many blocks the pool for writing has."),
        Setting(
          .receiveSize, "WEBSOCKET_RECEIVE_SIZE", .size(256...megabyte), "0", zero: "derived",
          "How much is taken from one connection before the next has its turn."),
        Setting(
          .writeQueue, "WEBSOCKET_WRITE_QUEUE",
          .number(8...Limits.writePlacesMaximum, of: "blocks"),
          "0",
          zero: "derived", "Blocks, or parts of them, that may wait for one receiver."),
        Setting(
          .touchMemory, "WEBSOCKET_TOUCH_MEMORY", .flag, "false",
          "Whether every page is written to at start, so that none is missing later."),
      ])
  }

  static var stepSessions: SettingSection {
    SettingSection(
      "Step sessions", needs: .stepDetection,
      settings: [
        StepSetting(
          .stepIdleTimeout, "STEP_IDLE_TIMEOUT", .duration(10...day), "300s",
          "A session without a message for so long is ended with timeout_response."),
        StepSetting(
          .stepMaxSessions, "STEP_MAX_SESSIONS", .number(1...1_000_000, of: "sessions"), "0",
          zero: "as many as connections", "Step sessions at once."),
      ])
  }

  static var rooms: SettingSection {
    SettingSection(
      "Rooms", needs: .rooms,
      settings: [
        RoomSetting(
          .maxRooms, "WEBSOCKET_MAX_ROOMS", .number(1...1_000_000, of: "rooms"), "256",
          "Rooms with a member in them at once."),
        RoomSetting(
          .maxRoomMembers, "WEBSOCKET_MAX_ROOM_MEMBERS", .number(1...100_000, of: "users"), "0",
          zero: "as many as connections", "Users in one room at once."),
        RoomSetting(
          .maxRoomsPerConnection, "WEBSOCKET_MAX_ROOMS_PER_CONNECTION",
          .number(1...1000, of: "rooms"),
          "8", "Rooms that one connection may be in at once."),
        RoomSetting(
          .roomHistory, "WEBSOCKET_ROOM_HISTORY", .number(0...10_000, of: "messages"), "0",
          "Messages of each room that are kept for those who come back."),
        RoomSetting(
          .roomHistorySize, "WEBSOCKET_ROOM_HISTORY_SIZE", .size(16 * kilobyte...1024 * megabyte),
          "1M",
          "What the histories of all rooms may take; a room's own oldest go first."),
      ])
  }

  static var emotions: SettingSection {
    SettingSection(
      "Emotion sync", needs: .emotionSync,
      settings: [
        EmotionSetting(
          .emotionAllowed, "EMOTION_ALLOWED", .text(0...4096), "",
          "The emotions that are taken, separated by commas; empty takes any."),
        EmotionSetting(
          .emotionMaxUsers, "EMOTION_MAX_USERS", .number(1...10_000_000, of: "users"), "0",
          zero: "twice as many as connections", "Users whose last emotion is remembered."),
      ])
  }

  static var userQueues: SettingSection {
    SettingSection(
      "Kept for users", needs: .userEvents, .typedConnections,
      settings: [
        UserQueueSetting(
          .userQueueLength, "USER_QUEUE_LENGTH", .number(1...10_000, of: "messages"), "100",
          "Events, and unread notifications, that are kept of one user; the oldest go first."),
        UserQueueSetting(
          .userQueueTTL, "USER_QUEUE_TTL", .duration(second...30 * day), "24h",
          "How long they are kept."),
        UserQueueSetting(
          .userQueueSize, "USER_QUEUE_SIZE", .size(16 * kilobyte...1024 * megabyte), "512k",
          "What the events of all users may take, and notifications as much again."),
        UserQueueSetting(
          .userQueueUsers, "USER_QUEUE_USERS", .number(1...10_000_000, of: "users"), "0",
          zero: "twice as many as connections", "Users of whom anything is kept."),
      ])
  }

  static var testSessions: SettingSection {
    SettingSection(
      "Test sessions", needs: .typedConnections,
      settings: [
        TestSessionSetting(
          .testTimerInterval, "TEST_TIMER_INTERVAL", .duration(10...hour), "1s",
          "How often a running session says what time is left."),
        TestSessionSetting(
          .testMaxSessions, "TEST_MAX_SESSIONS", .number(1...100_000, of: "sessions"), "64",
          "Sessions at once, submitted ones that are still kept included."),
        TestSessionSetting(
          .testMaxParticipants, "TEST_MAX_PARTICIPANTS", .number(1...1_000_000, of: "users"), "0",
          zero: "as many as connections", "Participants in all sessions."),
        TestSessionSetting(
          .testMaxAnswers, "TEST_MAX_ANSWERS", .number(1...10_000, of: "answers"), "100",
          "Questions that one participant may answer."),
        TestSessionSetting(
          .testParticipantSize, "TEST_PARTICIPANT_SIZE", .size(512...megabyte), "16k",
          "What all answers of one participant may take."),
        TestSessionSetting(
          .testAnswersSize, "TEST_ANSWERS_SIZE", .size(16 * kilobyte...1024 * megabyte), "512k",
          "What all answers may take."),
        TestSessionSetting(
          .testKeep, "TEST_KEEP", .duration(second...365 * day), "168h",
          "How long a submitted session is kept for whoever fetches it."),
      ])
  }

  static var persistence: SettingSection {
    SettingSection(
      "Persistence", needs: .persistence,
      settings: [
        PersistenceSetting(
          .persistEnabled, "PERSIST_ENABLED", .flag, "true",
          "Whether what has to outlive a restart is written to the state directory."),
        PersistenceSetting(
          .persistInterval, "PERSIST_INTERVAL", .duration(10...5 * second), "200ms",
          "The least time between two writes; what is acknowledged waits for its own."),
        PersistenceSetting(
          .persistMaxSize, "PERSIST_MAX_SIZE", .size(256 * kilobyte...1024 * megabyte), "16M",
          "What the file may take; a full one counts as a full disk."),
        PersistenceSetting(
          .persistBatchSize, "PERSIST_BATCH_SIZE", .size(32 * kilobyte...16 * megabyte), "256k",
          "What may wait for one write; four of the longest bodies fit in any case."),
      ])
  }

  static var management: SettingSection {
    SettingSection(
      "Management", needs: .admin,
      settings: [
        ManagementSetting(
          .metricsPublic, "METRICS_PUBLIC", .flag, "false",
          "Whether /metrics needs no token.")
      ])
  }

  /// The names stand in the order of rising detail.
  static var logging: SettingSection {
    SettingSection(
      "Logging",
      settings: [
        Setting(
          .logLevel, "LOG_LEVEL", .choice(["error", "warning", "info", "debug"]), "info",
          "The least weighty kind of line that is still written."),
        Setting(
          .logLevelFile, "LOG_LEVEL_FILE", .file, "",
          "A file whose first word is the level; it is read again on SIGHUP."),
        Setting(
          .logFormat, "LOG_FORMAT", .choice(["text", "json"]), "text",
          "Lines for people, or a JSON object each."),
      ])
  }
}
