/// Every setting that the gateway knows; of those that a board's build leaves out, the names.
public struct SettingTable: Sendable {
  public let sections: [SettingSection]

  /// The one table: parsing, messages, lists and the README follow from it.
  public static let gateway = SettingTable(sections: [
    listening, limits, rates, timers, memory, tokens, stepSessions, rooms, emotions, userQueues,
    testSessions, persistence, compression, secure, management, logging,
  ])

  /// The section that an environment variable stands in.
  func section(of name: [UInt8]) -> SettingSection? {
    for section in sections where section.knows(name) { return section }
    return nil
  }

  /// The row of a key, nil when the table has none.
  func find(_ key: SettingKey) -> Setting? {
    for section in sections {
      for setting in section.settings where setting.key == key { return setting }
    }
    return nil
  }

  /// The settings that a build with these traits takes.
  func settings(of traits: [BuildTrait]) -> [Setting] {
    sections.filter { $0.isBuilt(in: traits) }.flatMap { $0.settings }
  }
}
