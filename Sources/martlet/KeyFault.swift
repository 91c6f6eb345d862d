import Host
import Memory

/// Why the keys for tokens cannot be used; it shows nothing of any key.
struct KeyFault: Error {
  /// UTF-8 without a line end: the setting, the file and what is wrong with it.
  let line: [UInt8]
  /// What a start ends with because of it.
  let exitCode: ExitCode

  /// - Parameter path: empty when the setting itself holds the key.
  init(
    _ setting: StaticString, _ path: [UInt8], _ reason: RawSpan,
    _ exitCode: ExitCode = .configuration
  ) {
    var line = [UInt8](setting)
    if !path.isEmpty {
      line.append("=\"")
      line += path
      line.append("\"")
    }
    line.append(": ")
    line.append(reason)
    self.line = line
    self.exitCode = exitCode
  }

  init(_ setting: StaticString, _ path: [UInt8], _ reason: StaticString) {
    self.init(setting, path, reason.bytes)
  }

  init(_ setting: StaticString, _ path: [UInt8], _ error: KeyError) {
    self.init(setting, path, error.message)
  }

  init(_ setting: StaticString, _ path: [UInt8], _ error: HostError) {
    self.init(setting, path, error.reason, ExitCode(error) ?? .configuration)
  }
}
