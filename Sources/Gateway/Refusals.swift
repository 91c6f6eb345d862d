import Delivery

/// Counts what was refused for want of room and says so now and then: a flood must not fill the
/// log of a board that keeps it on a memory card.
struct Refusals {
  /// Milliseconds between two lines.
  private static let interval: UInt64 = 10_000

  var count = 0
  private var nextReport: UInt64 = 0

  /// The number to report now; nil when there is none or it is too early.
  mutating func take(at now: UInt64) -> Int? {
    guard count > 0, now >= nextReport else { return nil }
    nextReport = now + Refusals.interval
    defer { count = 0 }
    return count
  }
}

extension Gateway where Link: ~Copyable {
  mutating func reportRefusals() {
    guard let count = refusals.take(at: now.monotonic) else { return }
    if log.begin(.warning, "connections refused", at: now.wall) {
      log.field("count", count)
      log.field("connections", connectionCount)
      endLogLine()
    }
  }
}
