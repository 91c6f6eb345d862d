import Memory

extension Configuration {
  /// What `--check-config` prints: for each setting where its value came from, and the value.
  public func appendReport(to sink: inout [UInt8]) {
    let limits = Limits(self)
    let settings = table.settings(of: traits)
    let width = settings.reduce(0) { max($0, $1.name.bytes.byteCount) } + 2
    for setting in settings {
      let start = sink.count
      sink.append(setting.name)
      sink.pad(to: width, from: start)
      sink.append(origin(of: setting.key) == .builtIn ? "default      " : "environment  ")
      let valueStart = sink.count
      appendValue(of: setting.key, to: &sink)
      if sink.count == valueStart { sink.append("(not set)") }
      appendZero(of: setting, limits, to: &sink)
      sink.append("\n")
    }
  }

  /// What a 0 stands for, in parentheses.
  func appendZero(of setting: Setting, _ limits: Limits, to sink: inout [UInt8]) {
    guard number(setting.key) == 0, let zero = setting.zero else { return }
    sink.append(" (")
    sink.append(zero)
    if let derived = limits.derived(setting.key) {
      sink.append(": ")
      setting.kind.append(.number(derived), to: &sink)
    }
    sink.append(")")
  }

  func name(of key: SettingKey) -> StaticString { table.find(key)?.name ?? "" }

  /// The value as it is in force; a secret's stays hidden.
  func appendValue(of key: SettingKey, to sink: inout [UInt8]) {
    guard let setting = table.find(key), let value = value(of: key) else { return }
    if origin(of: key) == .builtIn && !setting.isSecret {
      sink.append(setting.fallback)
    } else {
      setting.kind.append(value, to: &sink)
    }
  }
}
