import Testing

@testable import Gateway

/// The lines that stop a start with this environment, none when it starts.
func faults(
  _ environment: String..., table: SettingTable = .gateway,
  traits: [BuildTrait] = BuildTrait.allCases
) -> [String] {
  do throws(ConfigurationError) {
    let entries = environment.map { Array($0.utf8) }
    _ = try Configuration(environment: entries, table: table, traits: traits)
    return []
  } catch {
    return error.lines.map { String(decoding: $0, as: UTF8.self) }
  }
}

func configured(
  _ environment: String..., traits: [BuildTrait] = BuildTrait.allCases
) throws(ConfigurationError) -> Configuration {
  let entries = environment.map { Array($0.utf8) }
  return try Configuration(environment: entries, table: .gateway, traits: traits)
}

@Suite struct ConfigurationTests {
  @Test func anEmptyEnvironmentGivesTheDefaultsOfTheProtocol() throws {
    let configuration = try configured()
    #expect(configuration.flag(.enabled))
    #expect(!configuration.flag(.requireAuth))
    #expect(configuration[.maxConnections] == 1000)
    #expect(configuration[.readBufferSize] == 1024)
    #expect(configuration[.writeBufferSize] == 1024)
    #expect(configuration[.maxMessageSize] == 512)
    #expect(configuration.milliseconds(.writeWait) == 10_000)
    #expect(configuration.milliseconds(.pongWait) == 60_000)
    #expect(configuration.milliseconds(.pingPeriod) == 54_000)
    #expect(configuration.milliseconds(.heartbeatInterval) == 30_000)
    #expect(configuration.milliseconds(.connectionTimeout) == 60_000)
    #expect(configuration.milliseconds(.stepIdleTimeout) == 300_000)
    #expect(configuration.text(.allowedOrigins) == Array("*".utf8))
    #expect(configuration[.port] == 8000)
    #expect(configuration.choice(.logLevel) == 2)
    #expect(configuration.addresses(.host) == [Array("0.0.0.0".utf8), Array("::".utf8)])
  }

  @Test func theEnvironmentGoesBeforeTheDefault() throws {
    let configuration = try configured(
      "PATH=/bin", "WEBSOCKET_PORT=9000", "LOG_LEVEL=DEBUG", "WEBSOCKET_ENABLED=off",
      "WEBSOCKET_ALLOWED_ORIGINS=https://a.example,*")
    #expect(configuration[.port] == 9000)
    #expect(configuration.choice(.logLevel) == 3)
    #expect(!configuration.flag(.enabled))
    #expect(configuration.text(.allowedOrigins) == Array("https://a.example,*".utf8))
    #expect(configuration.origin(of: .port) == .environment)
    #expect(configuration.origin(of: .host) == .builtIn)
  }

  @Test func anUnknownNameUnderOurPrefixesStopsTheStart() {
    #expect(
      faults("WEBSOCKET_PROT=9000") == [
        "WEBSOCKET_PROT=\"9000\": no such setting; did you mean WEBSOCKET_PORT?"
      ])
    #expect(faults("METRICS_COLOUR=red") == ["METRICS_COLOUR=\"red\": no such setting"])
    #expect(faults("websocket_prot=1", "WEBSOCKETS=1", "=", "", "LOGNAME=me", "NOVALUE") == [])
  }

  @Test(arguments: [
    "WEBSOCKET_", "STEP_", "LOG_", "JWT_", "TLS_", "EMOTION_", "USER_QUEUE_", "METRICS_",
  ])
  func everyPrefixIsWatched(prefix: String) {
    #expect(faults("\(prefix)QQQQQQ=1").count == 1)
  }

  @Test func allFaultsAreShownAtOnce() {
    let lines = faults(
      "WEBSOCKET_PORT=70000", "WEBSOCKET_PONG_WAIT=60", "WEBSOCKET_REQUIRE_AUTH=maybe",
      "WEBSOCKET_MAX_MESSAGE_SIZE=1M", "WEBSOCKET_WRITE_BUFFERS=16", "STEP_COUNT=1",
      "LOG_FORMAT=xml", "WEBSOCKET_PING_PERIOD=2h")
    #expect(
      lines == [
        "WEBSOCKET_PORT=\"70000\": out of range; allowed: 0 to 65535",
        "WEBSOCKET_PONG_WAIT=\"60\": a duration needs a unit, as in 10s; allowed: 10ms to 24h",
        "WEBSOCKET_REQUIRE_AUTH=\"maybe\": neither true nor false; "
          + "allowed: true, yes, on, 1 or false, no, off, 0",
        "STEP_COUNT=\"1\": no such setting",
        "LOG_FORMAT=\"xml\": no such choice; allowed: text or json",
        "WEBSOCKET_WRITE_BUFFERS=\"16\": too few blocks for one of "
          + "WEBSOCKET_MAX_MESSAGE_SIZE (1M); at least 1026",
      ])
  }

  @Test func aNameGivenTwiceIsAFault() {
    #expect(
      faults("WEBSOCKET_PORT=1", "WEBSOCKET_PORT=2") == ["WEBSOCKET_PORT=\"2\": given twice"])
  }

  @Test func aSettingOfATraitThatIsLeftOutIsReportedAsSuch() {
    #expect(
      faults("STEP_IDLE_TIMEOUT=1s", traits: []) == [
        "STEP_IDLE_TIMEOUT=\"1s\": needs the trait StepDetection, which this build leaves out"
      ])
    #expect(
      faults("STEP_IDLE_TIMEOT=1s", traits: []) == ["STEP_IDLE_TIMEOT=\"1s\": no such setting"])
    #expect(faults("STEP_IDLE_TIMEOUT=1s", traits: [.stepDetection]) == [])
  }

  @Test func ofASettingThatABoardsBuildLeavesOutTheNameIsKnown() {
    let table = SettingTable(sections: [
      SettingSection(
        "TLS", needs: .tls, settings: [LeftOutSetting(.tlsPort, "TLS_X", .file, "", "A file.")])
    ])
    #expect(
      faults("TLS_X=a", table: table, traits: []) == [
        "TLS_X=\"a\": needs the trait TLS, which this build leaves out"
      ])
    #expect(faults("TLS_Y=a", table: table, traits: []) == ["TLS_Y=\"a\": no such setting"])
    #expect(table.settings(of: BuildTrait.allCases).isEmpty)
  }

  @Test func aValueCannotBreakItsLine() {
    let long = String(repeating: "a", count: 100)
    #expect(
      faults("WEBSOCKET_PORT=1\n\"é\\") == [
        "WEBSOCKET_PORT=\"1\\x0a\\\"\\xc3\\xa9\\\\\": not a whole number; allowed: 0 to 65535"
      ])
    #expect(
      faults("LOG_\u{1B}=\(long)") == [
        "LOG_\\x1b=\"\(long.prefix(80))...\": no such setting"
      ])
  }
}
