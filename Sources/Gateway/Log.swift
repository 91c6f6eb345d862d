import JSON
import Memory

/// How much a line matters; a log of one level shows it and those before.
public enum LogLevel: UInt8, Sendable {
  case error, warning, info, debug

  public static let all: [LogLevel] = [.error, .warning, .info, .debug]

  public var name: StaticString {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .info: "info"
    case .debug: "debug"
    }
  }
}

/// Puts log lines together, one an event, as text (`info: listening address=…`) or as JSON objects.
///
/// Lines hold names and numbers of ours and never what may be secret: no header, no query.
public struct Log: ~Copyable {
  public var level: LogLevel
  private let isJSON: Bool
  /// Whether lines carry their time: the journal adds its own.
  private let hasTime: Bool
  private var line = ByteWriter(capacity: Log.longest + 256)

  /// Bytes up to the end of the last value that may be long.
  private static let longest = 1024

  public init(level: LogLevel, isJSON: Bool, hasTime: Bool) {
    self.level = level
    self.isJSON = isJSON
    self.hasTime = hasTime
  }

  /// Begins a line and returns whether it is wanted at all.
  ///
  /// - Parameter wall: milliseconds since 1970 UTC.
  public mutating func begin(_ level: LogLevel, _ event: StaticString, at wall: UInt64) -> Bool {
    guard level.rawValue <= self.level.rawValue else { return false }
    line.removeAll()
    if isJSON {
      line.beginObject()
      if hasTime { line.member("time", timestamp: Int64(clamping: wall), .milliseconds) }
      line.member("level", level.name)
      line.member("event", event)
    } else {
      if hasTime {
        line.append(utc: Int64(clamping: wall), .milliseconds)
        line.append(" ")
      }
      line.append(level.name)
      line.append(": ")
      line.append(event)
    }
    return true
  }

  public mutating func field(_ name: StaticString, _ value: RawSpan) {
    let start = line.count
    if isJSON {
      line.member(name, value)
    } else {
      key(name)
      for offset in 0..<value.byteCount { line.append(Log.printable(value[offset])) }
    }
    // A value that does not fit is left out, so that the line keeps its end.
    if line.overflowed || line.count > Log.longest { line.truncate(to: start) }
  }

  /// - Parameter words: a text without control characters, which stands between quotes; those that
  ///   it holds become apostrophes.
  public mutating func field(_ name: StaticString, words: RawSpan) {
    if isJSON {
      line.member(name, words)
    } else {
      key(name)
      line.append("\"")
      for offset in 0..<words.byteCount {
        line.append(words[offset] == UInt8(ascii: "\"") ? UInt8(ascii: "'") : words[offset])
      }
      line.append("\"")
    }
  }

  /// - Parameter value: a text of ours, which stands between quotes.
  public mutating func field(_ name: StaticString, _ value: StaticString) {
    field(name, words: value.bytes)
  }

  public mutating func field(_ name: StaticString, _ value: Int) {
    if isJSON {
      line.member(name, value)
    } else {
      key(name)
      if value < 0 { line.append("-") }
      line.append(decimal: UInt64(value.magnitude))
    }
  }

  /// - Parameter moment: Unix seconds, which are shown as a time in UTC.
  public mutating func field(_ name: StaticString, moment: Int64) {
    let time = 1000 * min(max(0, moment), 253_402_300_799)
    if isJSON {
      line.member(name, timestamp: time, .seconds)
    } else {
      key(name)
      line.append(utc: time, .seconds)
    }
  }

  /// Ends the line; what is returned ends with a line feed.
  @_lifetime(&self)
  public mutating func end() -> RawSpan {
    if isJSON { line.endObject() }
    line.append("\n")
    return line.bytes
  }

  private mutating func key(_ name: StaticString) {
    line.append(" ")
    line.append(name)
    line.append("=")
  }

  /// A space, quote or control character could pass for another field or another line.
  private static func printable(_ byte: UInt8) -> UInt8 {
    byte <= 0x20 || byte == 0x22 || byte == 0x7F ? UInt8(ascii: "?") : byte
  }
}
