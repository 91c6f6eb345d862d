import Testing

@testable import Gateway

@Suite struct SettingTableTests {
  private let settings = SettingTable.gateway.settings(of: BuildTrait.allCases)

  private func text(_ append: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    append(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func lines(_ append: (inout [UInt8]) -> Void) -> [Substring] {
    text(append).split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test func everyKeyHasOneRowWithANameOfOurs() {
    #expect(settings.count == SettingKey.allCases.count)
    #expect(Set(settings.map { $0.key }) == Set(SettingKey.allCases))
    #expect(Set(settings.map { "\($0.name)" }).count == settings.count)
    for setting in settings { #expect(SettingName.isOurs([UInt8](setting.name))) }
  }

  @Test func everyDefaultIsAValueAndEverySummaryASentence() {
    for setting in settings {
      #expect(throws: Never.self) { try setting.read([UInt8](setting.fallback)) }
      let summary = "\(setting.summary)"
      #expect(summary.hasSuffix(".") && !summary.contains("\n"), "\(setting.name)")
    }
  }

  @Test func helpShowsEverySettingOnce() {
    let help = lines { SettingTable.gateway.appendHelp(to: &$0, traits: BuildTrait.allCases) }
    for setting in settings {
      let own = help.filter { $0 == "  \(setting.name)=\(setting.fallback)" }
      #expect(own.count == 1, "\(setting.name)")
    }
    let without = text { SettingTable.gateway.appendHelp(to: &$0, traits: []) }
    #expect(!without.contains("STEP_"))
  }

  @Test func theEnvironmentFileUncommentedGivesTheDefaults() throws {
    let file = lines {
      SettingTable.gateway.appendEnvironmentFile(to: &$0, traits: BuildTrait.allCases)
    }
    #expect(file.allSatisfy { $0.isEmpty || $0.hasPrefix("#") })
    let entries = file.filter { $0.hasPrefix("#") && !$0.hasPrefix("# ") }.map { $0.dropFirst() }
    #expect(
      entries.map { $0.prefix { $0 != "=" } }.elementsEqual(settings.map { "\($0.name)"[...] }))
    let read = try Configuration(
      environment: entries.map { Array($0.utf8) }, table: .gateway, traits: BuildTrait.allCases)
    let defaults = try configured()
    #expect(read.values == defaults.values)
    #expect(settings.allSatisfy { read.origin(of: $0.key) == .environment })
  }

  @Test func theReportSaysWhatIsInForceAndWhereItCameFrom() throws {
    let configuration = try configured(
      "WEBSOCKET_PORT=9000", "WEBSOCKET_WRITE_WAIT=1m30s", "WEBSOCKET_REQUIRE_AUTH=OFF",
      "WEBSOCKET_MAX_MESSAGE_SIZE=16384", "LOG_LEVEL=Debug", "STEP_MAX_SESSIONS=0")
    let report = lines { configuration.appendReport(to: &$0) }.map {
      $0.split(separator: " ").joined(separator: " ")
    }
    #expect(report.count == settings.count + 1 && report.last == "")
    for (line, setting) in zip(report, settings) {
      let origin = configuration.origin(of: setting.key) == .builtIn ? "default" : "environment"
      // A text that is not set has nothing behind its origin.
      #expect((line + " ").hasPrefix("\(setting.name) \(origin) "))
    }
    for line in [
      "WEBSOCKET_PORT environment 9000", "WEBSOCKET_WRITE_WAIT environment 90s",
      "WEBSOCKET_REQUIRE_AUTH environment false", "WEBSOCKET_MAX_MESSAGE_SIZE environment 16k",
      "LOG_LEVEL environment debug", "WEBSOCKET_HOST default 0.0.0.0,::",
      "WEBSOCKET_WRITE_QUEUE default 0 (derived: 16)",
      "WEBSOCKET_MESSAGE_RATE default 0 (no limit)",
      "WEBSOCKET_RECEIVE_SIZE default 0 (derived: 256k)",
      "STEP_MAX_SESSIONS environment 0 (as many as connections: 1000)",
    ] {
      #expect(report.contains(line), "\(line)")
    }
  }
}
