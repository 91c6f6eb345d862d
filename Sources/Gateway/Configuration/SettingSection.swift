import Memory

/// The settings of one heading, which all need the same trait.
public struct SettingSection: Sendable {
  public let heading: StaticString
  /// Any of these will do; empty when none is needed.
  public let traits: [BuildTrait]
  /// Empty when a board's build leaves them out.
  public let settings: [Setting]
  private let leftOut: [LeftOutSetting]

  init(_ heading: StaticString, needs traits: BuildTrait..., settings: [Setting]) {
    self.heading = heading
    self.traits = traits
    self.settings = settings
    leftOut = []
  }

  init(_ heading: StaticString, needs traits: BuildTrait..., settings: [LeftOutSetting]) {
    self.heading = heading
    self.traits = traits
    self.settings = []
    leftOut = settings
  }

  /// Whether there is a setting of this name, also in builds that leave it out.
  func knows(_ name: [UInt8]) -> Bool {
    find(name) != nil || leftOut.contains { name.equals($0.name) }
  }

  /// The row of an environment variable.
  func find(_ name: [UInt8]) -> Setting? {
    for setting in settings where name.equals(setting.name) { return setting }
    return nil
  }

  func isBuilt(in built: [BuildTrait]) -> Bool {
    traits.isEmpty || traits.contains { built.contains($0) }
  }

  /// "the trait One or Other".
  func appendTraits(to sink: inout [UInt8]) {
    for (place, trait) in traits.enumerated() {
      sink.append(place == 0 ? "trait " : " or ")
      sink.append(trait.name)
    }
  }
}
