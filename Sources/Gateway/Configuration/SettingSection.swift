/// The settings of one heading, which all need the same trait.
public struct SettingSection: Sendable {
  public let heading: StaticString
  /// Any of these will do; empty when none is needed.
  public let traits: [BuildTrait]
  public let settings: [Setting]

  init(_ heading: StaticString, needs traits: BuildTrait..., settings: [Setting]) {
    self.heading = heading
    self.traits = traits
    self.settings = settings
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
