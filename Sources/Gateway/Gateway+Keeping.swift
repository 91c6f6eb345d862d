import Delivery
import Memory

/// From the journal to the disk, and back at the start.
extension Gateway where Link: ~Copyable {
  /// What counts as now, milliseconds since 1970 UTC: a clock that is behind what was put down was
  /// not set yet, or was set back to when the board was last seen alive. One that is behind by more
  /// than a day, and may be right, is: then the other was wrong.
  private var wall: UInt64 {
    guard heritage.wall > now.wall else { return now.wall }
    let isBehind = now.wall < doorkeeper.clock.floor || heritage.wall - now.wall < 86_400_000
    return isBehind ? heritage.wall : now.wall
  }

  // MARK: At the start

  /// Begins to keep records: those that are on disk follow, one kind after the other.
  public mutating func beginRestoring() {
    keeper.opened()
    mailroom.journal.begin(isFresh: false)
    mailroom.journal.reserve(key: heritage.highestKey)
  }

  /// Goes on in memory, because the disk has no place for records.
  public mutating func goWithoutDisk() {
    mailroom.endJournal()
    keeper.notOpened()
  }

  /// Takes a record that is on disk.
  public mutating func restore(kind: UInt8, key: UInt64, _ body: RawSpan) {
    var moment = now
    moment.wall = wall
    let isTaken: Bool
    switch RecordKind(rawValue: kind) {
    // Settings were larger; one that no batch takes could not be put down anew.
    case _? where body.byteCount > limits.recordSize: isTaken = false
    case .meta where keeper.metaKey == 0:
      keeper.metaKey = key
      isTaken = true
    case .meta: isTaken = false
    // What another build has put down is left to it.
    case nil: isTaken = true
    case let known?:
      isTaken =
        !Families.keeps(known) || families.restore(known, key: key, body, at: moment, &mailroom)
    }
    if !isTaken {
      forgotten += 1
      mailroom.journal.remove(key: key)
    }
  }

  /// All records were taken.
  public mutating func endRestoring() {
    if keeper.metaKey == 0 { keeper.metaKey = mailroom.journal.newKey() }
    families.events.noteUnknown(&mailroom)
    // No id is given before it is on disk that none before was as large.
    _ = finishWriting()
    if forgotten > 0, log.begin(.warning, "records were dropped", at: now.wall) {
      log.field("records", forgotten)
      log.field("reason", "the settings of today have no room for them")
      endLogLine()
    }
  }

  // MARK: In each turn

  /// When the journal needs a turn, nil when it does not.
  var nextKeeping: UInt64? {
    guard keeper.isOpen else { return nil }
    guard mailroom.journal.isKept else { return keeper.retryAt }
    guard !mailroom.journal.isInFlight else { return keeper.patienceEnds }
    if keeper.rewriting != nil { return now.monotonic }
    let isWanted = mailroom.journal.isTorn || !mailroom.journal.isEmpty
    return isWanted ? keeper.nextBatch : nil
  }

  /// More came at once than a batch takes: all records are put down anew, and whoever waits for one
  /// waits for all of them.
  private mutating func noteTorn() {
    keeper.torn()
    if log.begin(.warning, "persistence: all records are written anew", at: now.wall) {
      log.field("reason", "more at once than PERSIST_BATCH_SIZE")
      endLogLine()
    }
  }

  /// Sends a batch on its way when it is time to.
  @inline(never)
  mutating func keepRecords() {
    guard let due = nextKeeping, due <= now.monotonic else { return }
    guard !mailroom.journal.isInFlight else {
      keeper.abandon(at: now.monotonic)
      let words: StaticString = "the disk does not answer"
      return lose(words.bytes)
    }
    if mailroom.journal.isTorn { noteTorn() }
    if mailroom.journal.isTorn || !mailroom.journal.isKept {
      keeper.beginRewriting()
      mailroom.journal.begin(isFresh: true)
    }
    if keeper.rewriting != nil { return rewrite() }
    if keeper.wantsClock(at: now.monotonic) { putClock() }
    seal()
  }

  /// Puts down as many records of all tables as one batch takes.
  private mutating func rewrite() {
    guard var cursor = keeper.rewriting else { return }
    while let kind = cursor.family.next {
      guard let place = families.rewrite(kind, from: cursor.place, &mailroom.journal) else {
        cursor = RewriteCursor(family: kind)
        continue
      }
      cursor.place = place
      keeper.rewriting = cursor
      return seal(goesOn: true)
    }
    putClock()
    keeper.rewriting = nil
    seal()
  }

  /// Ids go on behind what they can have come to when the server starts the next time: less than
  /// one a microsecond, and a tenth of a second's worth ahead.
  private mutating func putClock() {
    // Else it goes with the next batch.
    guard mailroom.journal.hasRoom(for: 1, bytes: 16) else { return }
    let ceiling = firstID + 100_000 + (now.monotonic - started) * 1000
    mailroom.journal.record.append(word: ceiling)
    mailroom.journal.record.append(word: wall)
    mailroom.journal.put(.meta, key: keeper.metaKey)
  }

  private mutating func seal(goesOn: Bool = false) {
    keeper.sealed(at: now.monotonic)
    Gateway.seal(&mailroom, goesOn: goesOn, to: &link)
  }

  private static func seal(_ mailroom: inout Mailroom, goesOn: Bool, to link: inout Link) {
    mailroom.sealJournal(goesOn: goesOn) { link.store($0) }
  }

  /// The host is done with a batch.
  mutating func stored(_ failure: StoreFailure?) {
    guard keeper.isOpen else { return }
    if keeper.isAbandoned { return keeper.answered(at: now.monotonic) }
    guard mailroom.journal.isInFlight else { return }
    if let failure {
      keeper.failed(at: now.monotonic)
      return lose(failure.reason.span.raw)
    }
    let wasBroken = keeper.isBroken && keeper.rewriting == nil
    mailroom.journalLanded()
    resumeStalled()
    if wasBroken {
      keeper.isBroken = false
      if log.begin(.info, "persistence: the disk takes records again", at: now.wall) {
        endLogLine()
      }
    }
  }

  /// A batch is lost: all goes on in memory until all records are put down anew.
  private mutating func lose(_ reason: RawSpan) {
    mailroom.endJournal()
    resumeStalled()
    guard !keeper.isBroken else { return }
    keeper.isBroken = true
    if log.begin(.error, "persistence: goes on in memory", at: now.wall) {
      log.field("reason", words: reason)
      log.field("retry_seconds", Int(Keeper.retryAfter / 1000))
      endLogLine()
    }
  }

  // MARK: At the end

  /// Waits until all records are on disk. Returns false when the disk does not answer in time.
  public mutating func endKeeping() -> Bool {
    guard keeper.isOpen else { return true }
    var isAnswered = !keeper.isAbandoned
    if isAnswered, mailroom.journal.isInFlight { isAnswered = waitForStore() }
    if isAnswered { isAnswered = finishWriting() }
    // Whoever has waited for the disk still gets to know.
    sendAll()
    return isAnswered
  }

  /// Returns false when the disk does not answer in time.
  private mutating func waitForStore() -> Bool {
    switch link.waitForStore(for: Keeper.patience) {
    case .done: stored(nil)
    case .failed(let failure): stored(failure)
    case .busy:
      keeper.abandon(at: now.monotonic)
      let words: StaticString = "the disk does not answer"
      lose(words.bytes)
      return false
    }
    return true
  }

  /// Puts down what is to be put down, all records if need be, and waits for the disk.
  private mutating func finishWriting() -> Bool {
    if !mailroom.journal.isKept || mailroom.journal.isTorn {
      keeper.beginRewriting()
      mailroom.journal.begin(isFresh: true)
    }
    var isAll = false
    repeat {
      if keeper.rewriting != nil {
        rewrite()
      } else {
        isAll = mailroom.journal.hasRoom(for: 1, bytes: 16)
        putClock()
        if !families.putDownRest(at: now, &mailroom) { isAll = false }
        seal()
      }
      guard waitForStore() else { return false }
    } while keeper.rewriting != nil || mailroom.journal.isKept && !isAll
    return true
  }
}
