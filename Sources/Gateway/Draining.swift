import Delivery
import Memory
import WebSocket

/// The way out: everybody is told to come again, in batches, so that they do not all come back at
/// once; then the program ends.
struct Draining {
  /// Milliseconds between two batches.
  private static let interval: UInt64 = 100
  /// Batches are no smaller, so that a few connections do not wait for nothing.
  private static let smallestBatch = 16

  private var ends: UInt64?
  private var isForced = false
  private var batch = 0
  private(set) var nextWakeUp: UInt64?
  /// Places below have been told.
  private var told = 0

  var isActive: Bool { ends != nil }

  /// - Parameters:
  ///   - connections: that are open now.
  ///   - duration: milliseconds for all of it; the last fifth is left for the peers' answers.
  mutating func start(connections: Int, duration: UInt64, at now: UInt64) {
    guard ends == nil else {
      isForced = true
      return
    }
    ends = now + duration
    nextWakeUp = now
    let batches = max(1, Int(clamping: duration * 4 / 5 / Draining.interval))
    batch = max(Draining.smallestBatch, (connections + batches - 1) / batches)
  }

  /// How many connections to tell now.
  mutating func takeBatch(at now: UInt64) -> Int {
    guard let ends, let due = nextWakeUp, due <= now else { return 0 }
    nextWakeUp = min(now + Draining.interval, max(ends, now + 1))
    return batch
  }

  /// The next place to tell, nil after the last of `places`.
  mutating func nextPlace(of places: Int) -> Int? {
    guard told < places else { return nil }
    told += 1
    return told - 1
  }

  func isOver(_ connections: Int, at now: UInt64) -> Bool {
    guard let ends else { return false }
    return isForced || connections == 0 || now >= ends
  }
}

extension Gateway where Link: ~Copyable {
  mutating func startDraining() {
    draining.start(
      connections: connectionCount, duration: limits.shutdownWait, at: now.monotonic)
    if log.begin(.info, "draining", at: now.wall) {
      log.field("connections", connectionCount)
      endLogLine()
    }
  }

  /// Tells the next batch to come again.
  mutating func drain() {
    guard draining.isActive else { return }
    var left = draining.takeBatch(at: now.monotonic)
    while left > 0, let place = draining.nextPlace(of: limits.places) {
      switch connections[place].phase {
      case .vacant, .closing, .lingering, .lost: continue
      case .head where connections[place].report.kind != .none:
        connections[place].report.keepsConnection = false
        continue
      case .head:
        if mailroom.outboxes.isEmpty(place) {
          drop(place, because: "draining")
        } else {
          linger(place)
        }
      case .open: close(place, .goingAway)
      }
      left -= 1
    }
  }
}
