import Memory

/// How far the wall clock is ahead of the monotonic one, in milliseconds.
struct KeptClocks {
  /// What differs by less is no jump.
  static var tolerance: Int64 { 300_000 }
  /// From one look to the next, when nobody keeps anything meanwhile.
  static var lookInterval: UInt64 { 60_000 }
  /// From one step of putting all records anew to the next.
  static var stepInterval: UInt64 { 100 }
  /// Places of messages in one step.
  static var placesPerStep: Int { 64 }

  /// When it was looked last.
  private(set) var lead: Int64 = 0
  /// By which all records were put, nil before the first look.
  private var settled: Int64?
  /// Of the clock that counted when records were restored: one that is behind it is not set yet.
  private var least: Int64?
  /// When to look again, in milliseconds of the monotonic clock.
  var nextLook: UInt64 = 0
  /// The place of a message from which on records are to be put anew.
  var cursor: Int?

  private static func lead(at now: Moment) -> Int64 {
    Int64(clamping: now.wall) - Int64(clamping: now.monotonic)
  }

  /// Notes what the clocks show, at the time that counts for what is restored.
  mutating func begin(at now: Moment) {
    if least == nil { least = KeptClocks.lead(at: now) }
    look(at: now)
  }

  mutating func look(at now: Moment) {
    lead = KeptClocks.lead(at: now)
    if let least, lead < least - KeptClocks.tolerance { lead = least }
    if let settled, (lead - settled).magnitude > KeptClocks.tolerance.magnitude {
      (self.settled, cursor, nextLook) = (lead, 0, now.monotonic)
    } else {
      if settled == nil { settled = lead }
      if cursor == nil { nextLook = now.monotonic + KeptClocks.lookInterval }
    }
  }
}

/// A board without a clock battery keeps messages by a clock that is wrong by years. When it is set
/// their records are put anew with the time that it would have shown, so that a restart does not
/// take them for old.
extension KeptMessages {
  /// When a message was kept by the wall clock of the last look, in milliseconds since 1970 UTC.
  func stored(_ message: Int) -> UInt64 {
    let kept = Int64(clamping: messages[message].deadline) - Int64(clamping: lifetime)
    return UInt64(clamping: kept + clocks.lead)
  }

  /// Looks at the clocks, and puts a few records anew while the wall clock was set.
  mutating func follow(_ now: Moment, _ journal: inout Journal) {
    clocks.look(at: now)
    guard let start = clocks.cursor, clocks.nextLook <= now.monotonic else { return }
    let end = min(start + KeptClocks.placesPerStep, messages.endIndex)
    let stop = putMessages(from: start, to: end, &journal) ?? end
    clocks.cursor = stop < messages.endIndex ? stop : nil
    let isDone = clocks.cursor == nil
    let pause = isDone ? KeptClocks.lookInterval : KeptClocks.stepInterval
    clocks.nextLook = now.monotonic + pause
  }
}
