import Delivery

/// Counts what was refused for want of room and says so now and then, each reason by itself: a
/// flood must not fill the log of a board that keeps it on a memory card.
struct Refusals {
  /// Milliseconds between two lines.
  private static let interval: UInt64 = 10_000

  private struct Tally {
    var count = 0
    var nextReport: UInt64 = 0
  }

  private var tallies = InlineArray<4, Tally>(repeating: Tally())
  /// Those that were not reported yet.
  private(set) var count = 0

  mutating func add(_ shortage: Shortage) {
    tallies[Int(shortage.rawValue)].count += 1
    count += 1
  }

  /// The number to report now; nil when there is none or it is too early.
  mutating func take(_ shortage: Shortage, at now: UInt64) -> Int? {
    let tally = tallies[Int(shortage.rawValue)]
    guard tally.count > 0, now >= tally.nextReport else { return nil }
    tallies[Int(shortage.rawValue)] = Tally(count: 0, nextReport: now + Refusals.interval)
    count -= tally.count
    return tally.count
  }
}

extension Shortage {
  /// What it is, and what to do about it.
  fileprivate var reason: StaticString {
    switch self {
    case .places: "all places are taken: WEBSOCKET_MAX_CONNECTIONS, WEBSOCKET_HTTP_CONNECTIONS"
    case .descriptors: "no descriptor is left: LimitNOFILE, ulimit -n"
    case .secureSessions: "all places of TLS are taken: WEBSOCKET_MAX_TLS_CONNECTIONS"
    case .system: "the system could not hand them over"
    }
  }
}

extension Gateway where Link: ~Copyable {
  mutating func reportRefusals() {
    guard refusals.count > 0 else { return }
    for shortage in Shortage.allCases {
      if let count = refusals.take(shortage, at: now.monotonic) { report(shortage, count) }
    }
  }

  // Once, and not in each round of the loop: it is rare.
  @inline(never)
  private mutating func report(_ shortage: Shortage, _ count: Int) {
    guard log.begin(.warning, "connections refused", at: now.wall) else { return }
    log.field("count", count)
    log.field("reason", shortage.reason)
    log.field("connections", connectionCount)
    endLogLine()
  }
}
