import Host
import Memory

/// Where what outlives the process is kept.
enum StateDirectory {
  /// What systemd gives (systemd.exec(5), StateDirectory=), else what the XDG base directories say;
  /// nil when nothing names one.
  static func path(_ environment: [[UInt8]]) -> [UInt8]? {
    if let list = value("STATE_DIRECTORY=", environment) {
      return list.parts(separatedBy: UInt8(ascii: ":")).first { !$0.isEmpty }
    }
    // A relative path is to be ignored.
    if let base = value("XDG_STATE_HOME=", environment), base[0] == UInt8(ascii: "/") {
      return base + [UInt8]("/martlet")
    }
    return value("HOME=", environment).map { $0 + [UInt8]("/.local/state/martlet") }
  }

  /// Nil when the variable is missing or empty.
  private static func value(_ name: StaticString, _ environment: [[UInt8]]) -> [UInt8]? {
    let name = [UInt8](name)
    for entry in environment where entry.starts(with: name) && entry.count > name.count {
      return Array(entry[name.count...])
    }
    return nil
  }
}
