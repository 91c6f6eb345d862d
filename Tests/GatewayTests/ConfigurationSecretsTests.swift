import Testing

@testable import Gateway

@Suite struct ConfigurationSecretsTests {
  /// The gateway's table with a secret in the place of a setting that nothing is derived from.
  private let table = SettingTable(
    sections: SettingTable.gateway.sections.filter { $0.traits.isEmpty }.dropLast(2) + [
      SettingSection(
        "Secrets",
        settings: [
          Setting(.logFormat, "JWT_SECRET", .secret(8...64), "", "The key of HMAC tokens.")
        ])
    ])

  private func report(_ environment: String...) throws -> String {
    let entries = environment.map { Array($0.utf8) }
    var bytes: [UInt8] = []
    let configuration = try Configuration(environment: entries, table: table, traits: [])
    configuration.appendReport(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func noFaultShowsASecret() {
    #expect(
      faults("JWT_SECRET=hunter2", table: table) == [
        "JWT_SECRET=(hidden): out of range; allowed: 8 to 64 bytes without control characters"
      ])
    #expect(
      faults("JWT_SECRET=hunter22", "JWT_SECRET=hunter23", table: table) == [
        "JWT_SECRET=(hidden): given twice"
      ])
    #expect(
      faults("JWT_SECRET=hunter2\u{7F}", table: table) == [
        "JWT_SECRET=(hidden): holds a control character; "
          + "allowed: 8 to 64 bytes without control characters"
      ])
  }

  @Test(arguments: [
    "JWT_SECERT", "JWT_PRIVAT", "WEBSOCKET_SECRET", "TLS_PASSPHRASE", "METRICS_TOKEN", "TLS_KEYS",
  ])
  func aMisspeltNameThatMayHoldASecretShowsNoValue(name: String) {
    let lines = faults("\(name)=hunter2", table: table)
    #expect(lines.count == 1)
    #expect(lines.allSatisfy { $0.hasPrefix("\(name)=(hidden): no such setting") })
  }

  @Test func aNameNearASecretsShowsNoValue() {
    let near = SettingTable(sections: [
      SettingSection(
        "Secrets",
        settings: [Setting(.logFormat, "TLS_PIN", .secret(8...64), "", "The token's PIN.")])
    ])
    #expect(
      faults("TLS_PINN=hunter2", table: near) == [
        "TLS_PINN=(hidden): no such setting; did you mean TLS_PIN?"
      ])
  }

  @Test func theReportSaysOnlyWhetherASecretIsSet() throws {
    let set = try report("JWT_SECRET=hunter2hunter2")
    #expect(set.contains("(set, hidden)"))
    #expect(!set.contains("hunter2"))
    #expect(try report().contains("(not set)"))
    #expect(try report("JWT_SECRET=").contains("(not set)"))
  }
}
