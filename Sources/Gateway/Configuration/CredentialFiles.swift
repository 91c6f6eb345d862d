import Memory

/// The directory in which systemd hands files to a service alone (systemd.exec(5),
/// LoadCredential=).
struct CredentialFiles {
  /// Empty when there is none.
  private let directory: [UInt8]

  init(environment: [[UInt8]]) {
    let name: StaticString = "CREDENTIALS_DIRECTORY="
    let entry = environment.first { $0.starts(with: [UInt8](name)) }
    directory = entry.map { Array($0[name.bytes.byteCount...]) } ?? []
  }

  /// The path that a file's setting stands for: a name without a directory is a credential's.
  func path(_ text: [UInt8]) -> [UInt8] {
    if directory.isEmpty || text.isEmpty || text.contains(UInt8(ascii: "/")) { return text }
    return directory + [UInt8(ascii: "/")] + text
  }
}
