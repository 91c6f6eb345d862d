import Memory

/// What the operator has to change before the server starts: every fault, a line each.
public struct ConfigurationError: Error, Sendable {
  /// UTF-8 without line ends; names the setting, its value unless secret, and what is allowed.
  public internal(set) var lines: [[UInt8]] = []

  /// Appends every line with its line end.
  public func append(to sink: inout [UInt8]) {
    for line in lines {
      sink += line
      sink.append("\n")
    }
  }

  /// Begins a line with `NAME="value": `.
  private func opening(_ name: [UInt8], _ value: [UInt8], isSecret: Bool) -> [UInt8] {
    var line: [UInt8] = []
    line.append(escaped: name)
    line.append("=")
    if isSecret { line.append("(hidden)") } else { line.append(quoted: value) }
    line.append(": ")
    return line
  }

  mutating func unreadable(_ setting: Setting, _ value: [UInt8], _ reason: StaticString) {
    var line = opening([UInt8](setting.name), value, isSecret: setting.isSecret)
    line.append(reason)
    line.append("; allowed: ")
    setting.appendAllowed(to: &line)
    lines.append(line)
  }

  mutating func givenTwice(_ setting: Setting, _ value: [UInt8]) {
    var line = opening([UInt8](setting.name), value, isSecret: setting.isSecret)
    line.append("given twice")
    lines.append(line)
  }

  mutating func leftOut(_ name: [UInt8], _ value: [UInt8], needs section: SettingSection) {
    var line = opening(name, value, isSecret: section.find(name)?.isSecret ?? false)
    line.append("needs the ")
    section.appendTraits(to: &line)
    line.append(", which this build leaves out")
    lines.append(line)
  }

  mutating func unknown(_ name: [UInt8], _ value: [UInt8], nearest: Setting?) {
    let isSecret = SettingName.mayHoldSecret(name) || nearest?.isSecret ?? false
    var line = opening(name, value, isSecret: isSecret)
    line.append("no such setting")
    if let nearest {
      line.append("; did you mean ")
      line.append(nearest.name)
      line.append("?")
    }
    lines.append(line)
  }
}
