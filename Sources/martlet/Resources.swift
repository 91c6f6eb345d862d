import Gateway
import Host
import Memory

/// What the machine has to give before the server can be: descriptors, memory, the time.
enum Resources {
  /// Sockets beyond the connections: listeners, the loop's own, standard streams.
  private static let furtherDescriptors = 40

  /// Bytes beside the pools: what libraries take, small arrays, the rounding of pages.
  private static let furtherMemory = 2 << 20

  static func hasDescriptors(for limits: Limits, _ log: inout Log) throws(HostError) -> Bool {
    let allowed = try Process.raiseDescriptorLimit()
    let needed = limits.places + furtherDescriptors
    guard allowed < needed else { return true }
    if log.begin(.error, "too few descriptors for WEBSOCKET_MAX_CONNECTIONS", at: Clock.wall) {
      log.field("needed", Int(clamping: needed))
      log.field("allowed", allowed)
      log.field("remedy", "raise LimitNOFILE or ulimit -n, or lower the setting")
      Process.log(log.end())
    }
    return false
  }

  static func plan(for limits: Limits, _ configuration: Configuration) -> MemoryPlan {
    MemoryPlan(
      limits, bytesPerLink: EventLoop.bytesPerPlace,
      bytesOfDisk: RecordStore.byteCount(configuration, batchSize: limits.batchSize),
      bytesPerSession: Certificate.bytesPerSession,
      bytesPerHandshake: Certificate.bytesPerHandshake)
  }

  /// Asks for all of it at once and gives it back: a pool that the system refuses later would end
  /// the process without a word.
  static func hasMemory(
    for limits: Limits, _ configuration: Configuration, _ log: inout Log
  ) -> Bool {
    let pools = plan(for: limits, configuration).sum
    let needed = pools + pools / 32 + Int64(furtherMemory)
    if let asked = Int(exactly: needed), Process.hasMemory(asked) { return true }
    if log.begin(.error, "not enough memory", at: Clock.wall) {
      log.field("pools", Int(clamping: pools))
      log.field("needed", Int(clamping: needed))
      log.field(
        "remedy", "martlet --memory-plan shows each pool: lower the largest, or allow more")
      Process.log(log.end())
    }
    return false
  }

  /// Before there is even a log. Returns false after a line that says so.
  static func hasMemoryToBegin() -> Bool {
    guard !Process.hasMemory(furtherMemory) else { return true }
    let line: StaticString = "error: not enough memory even to begin: allow more\n"
    Process.log(line.bytes)
    return false
  }

  #if Deflate
  /// How much zlib takes is its own affair, and another one may be installed.
  static func warnOfNoDeflate(_ configuration: Configuration, _ log: inout Log) {
    guard log.begin(.warning, "nothing is compressed", at: Clock.wall) else { return }
    log.field("DEFLATE_MEMORY", configuration[.deflateMemory])
    log.field("reason", "zlib takes more than is planned for it: set more")
    Process.log(log.end())
  }
  #endif

  /// A board without a battery wakes up in the past.
  static func checkClock(_ configuration: Configuration, _ log: inout Log) {
    let rules = configuration.clockRules()
    let isEarly = Clock.wall < rules.floor
    guard isEarly || rules.needsSynchronization && !Clock.isSynchronized else { return }
    guard log.begin(.warning, "the clock is not right yet", at: Clock.wall) else { return }
    log.field("unix_seconds", Int(clamping: Clock.wall / 1000))
    log.field(
      "reason",
      isEarly ? "it is before JWT_CLOCK_FLOOR" : "JWT_CLOCK=synced, and systemd-timesyncd is not")
    log.field(
      "effect",
      configuration.flag(.jwtAllowUnsetClock)
        ? "the times of tokens are not looked at until it is"
        : "tokens with exp or nbf are answered with 503 until it is")
    Process.log(log.end())
  }
}
