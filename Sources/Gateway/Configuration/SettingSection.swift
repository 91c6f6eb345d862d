/// The settings of one heading, which all need the same trait.
public struct SettingSection: Sendable {
  public let heading: StaticString
  public let trait: BuildTrait?
  public let settings: [Setting]

  init(_ heading: StaticString, needs trait: BuildTrait? = nil, _ settings: [Setting]) {
    self.heading = heading
    self.trait = trait
    self.settings = settings
  }

  func isBuilt(in traits: [BuildTrait]) -> Bool {
    guard let trait else { return true }
    return traits.contains(trait)
  }
}
