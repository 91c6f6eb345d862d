import Memory

/// What the name of an environment variable tells before a row is found for it.
enum SettingName {
  private static let prefixes: [StaticString] = [
    "WEBSOCKET_", "STEP_", "LOG_", "JWT_", "TLS_", "EMOTION_", "USER_QUEUE_", "METRICS_",
    "TEST_", "PERSIST_", "DEFLATE_",
  ]

  /// Words that say that the value of a misspelt name may be one to hide.
  private static let secretWords: [StaticString] = ["JWT", "SECRET", "KEY", "TOKEN", "PASS"]

  /// Whether the name is under a prefix of ours, so that nobody else can mean anything by it.
  static func isOurs(_ name: [UInt8]) -> Bool {
    for prefix in prefixes where name.starts(with: [UInt8](prefix)) { return true }
    return false
  }

  static func mayHoldSecret(_ name: [UInt8]) -> Bool {
    for word in secretWords {
      let word = [UInt8](word)
      for start in name.indices where name[start...].starts(with: word) { return true }
    }
    return false
  }

  /// The setting whose name is nearest to `name`, nil when none is within two edits.
  static func nearest(to name: [UInt8], among settings: [Setting]) -> Setting? {
    var best: (setting: Setting, distance: Int)?
    for setting in settings {
      let distance = editDistance([UInt8](setting.name), name)
      if distance < best?.distance ?? 3 { best = (setting, distance) }
    }
    return best?.setting
  }

  /// Levenshtein's distance: insertions, deletions and replacements.
  static func editDistance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var row = Array(0...other.count)
    for (i, byte) in one.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, otherByte) in other.enumerated() {
        let replaced = diagonal + (byte == otherByte ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[other.count]
  }
}
