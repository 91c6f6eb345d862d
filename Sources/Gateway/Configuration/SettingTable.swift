/// Every setting that the gateway knows, also those of a trait that this build leaves out.
public struct SettingTable: Sendable {
  public let sections: [SettingSection]

  /// The one table: parsing, messages, lists and the README follow from it.
  public static let gateway = SettingTable(sections: [
    listening, limits, rates, timers, memory, tokens, stepSessions, rooms, emotions, userQueues,
    testSessions, persistence, secure, management, logging,
  ])

  /// The row of an environment variable and the section that it stands in.
  func find(_ name: [UInt8]) -> (setting: Setting, section: SettingSection)? {
    for section in sections {
      for setting in section.settings where name.equals(setting.name) {
        return (setting, section)
      }
    }
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
