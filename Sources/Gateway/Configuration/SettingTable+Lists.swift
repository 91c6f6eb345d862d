import Memory

/// The table as an operator reads it.
extension SettingTable {
  /// The settings' part of `--help`.
  public func appendHelp(to sink: inout [UInt8], traits: [BuildTrait] = BuildTrait.builtIn) {
    sink.append("Settings are environment variables, shown with their defaults.\n")
    for form in SettingKind.forms {
      sink.append(form)
      sink.append("\n")
    }
    for section in sections where section.isBuilt(in: traits) {
      sink.append("\n")
      sink.append(section.heading)
      sink.append(":\n")
      for setting in section.settings {
        sink.append("  ")
        sink.appendAssignment(setting)
        sink.append("      ")
        sink.append(setting.summary)
        sink.append("\n      Takes ")
        setting.appendAllowed(to: &sink)
        sink.append(".\n")
      }
    }
  }

  /// What `--print-env` prints: an environment file that changes nothing as it stands.
  public func appendEnvironmentFile(
    to sink: inout [UInt8], traits: [BuildTrait] = BuildTrait.builtIn
  ) {
    sink.append("# The settings of martlet, for /etc/default/martlet. Each line shows a default;\n")
    sink.append("# take the # before a name away to choose another value.\n")
    for form in SettingKind.forms {
      sink.append("# ")
      sink.append(form)
      sink.append("\n")
    }
    for section in sections where section.isBuilt(in: traits) {
      sink.append("\n# -- ")
      sink.append(section.heading)
      sink.append(" --\n")
      for setting in section.settings {
        sink.append("\n# ")
        sink.append(setting.summary)
        sink.append("\n# Takes ")
        setting.appendAllowed(to: &sink)
        sink.append(".\n#")
        sink.appendAssignment(setting)
      }
    }
  }

  /// The README's tables: every section, also of traits that this build leaves out.
  public func appendMarkdown(to sink: inout [UInt8]) {
    for form in SettingKind.forms {
      sink.append(form)
      sink.append("\n")
    }
    for section in sections {
      sink.append("\n### ")
      sink.append(section.heading)
      if !section.traits.isEmpty {
        sink.append(" (")
        section.appendTraits(to: &sink)
        sink.append(")")
      }
      sink.append("\n\n| setting | default | takes | meaning |\n| --- | --- | --- | --- |\n")
      for setting in section.settings {
        sink.append("| `")
        sink.append(setting.name)
        sink.append(setting.fallback.bytes.byteCount > 0 ? "` | `" : "` | ")
        sink.append(setting.fallback)
        sink.append(setting.fallback.bytes.byteCount > 0 ? "` | " : " | ")
        setting.appendAllowed(to: &sink)
        sink.append(" | ")
        sink.append(setting.summary)
        sink.append(" |\n")
      }
    }
  }
}

extension [UInt8] {
  fileprivate mutating func appendAssignment(_ setting: Setting) {
    append(setting.name)
    append("=")
    append(setting.fallback)
    append("\n")
  }
}
