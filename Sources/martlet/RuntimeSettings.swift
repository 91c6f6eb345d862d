import Gateway
import Host
import Memory

/// What is read at start and again on SIGHUP: keys, the certificate and the level of the log.
struct RuntimeSettings {
  let configuration: Configuration
  let environment: [[UInt8]]

  /// - Throws: what is wrong, when none of the keys can be taken.
  func keys(isReload: Bool) throws(KeyFault) -> LoadedKeys {
    var log = makeLog()
    return try LoadedKeys.load(
      configuration, environment: environment, isReload: isReload, log: &log)
  }

  /// The certificate of TLS; none when none is set.
  func certificate() throws(KeyFault) -> Certificate {
    var log = makeLog()
    return try Certificate.load(configuration, &log)
  }

  /// The first word of LOG_LEVEL_FILE, else LOG_LEVEL.
  func logLevel() throws(KeyFault) -> LogLevel {
    let path = configuration.text(.logLevelFile)
    guard !path.isEmpty else {
      return LogLevel(rawValue: UInt8(configuration.choice(.logLevel))) ?? .info
    }
    let text: [UInt8]
    do throws(HostError) { text = try File.read(path, limit: 64) } catch {
      throw KeyFault("LOG_LEVEL_FILE", path, error)
    }
    let word = text.prefix { $0 > 0x20 }
    for level in LogLevel.all where Array(word).span.raw.equalsIgnoringCase(level.name.bytes) {
      return level
    }
    throw KeyFault("LOG_LEVEL_FILE", path, "its first word is none of error, warning, info, debug")
  }

  /// A log of its own, for lines outside the gateway.
  func makeLog() -> Log {
    Log(
      level: LogLevel(rawValue: UInt8(configuration.choice(.logLevel))) ?? .info,
      isJSON: configuration.choice(.logFormat) == 1, hasTime: !Process.isJournaled)
  }
}
