/// Which martlet this is.
enum Version {
  static let number: StaticString = "0.1.0"

  static var isEmbedded: Bool {
    #if hasFeature(Embedded)
    true
    #else
    false
    #endif
  }
}
