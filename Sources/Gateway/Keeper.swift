import Delivery

/// How the journal stands with the disk: when the next batch goes, and what to do when one did not.
struct Keeper {
  /// Milliseconds between two batches, so that a memory card sees few writes.
  let interval: UInt64
  /// Milliseconds after which a disk that failed is tried again.
  static let retryAfter: UInt64 = 30_000
  /// Milliseconds after which the time of day is put down again, with a batch that goes anyway.
  private static let clockInterval: UInt64 = 1_000

  /// Milliseconds after which a disk that does not answer counts as one that failed.
  static let patience: UInt64 = 10_000
  /// Whether a batch is on its way that nobody waits for any longer.
  private(set) var isAbandoned = false
  /// When the batch on its way has to have landed.
  private(set) var patienceEnds: UInt64 = 0
  /// Whether the disk has failed and was not heard of again.
  var isBroken = false
  private var hasFile = false
  /// When the next batch may go.
  private(set) var nextBatch: UInt64 = 0
  /// When all records are put down anew, because a batch is lost.
  private(set) var retryAt: UInt64?
  /// Where the rewriting stands; nil when there is none.
  var rewriting: RewriteCursor?
  /// The key of the gateway's own record; 0 before there is one.
  var metaKey: UInt64 = 0
  private var nextClock: UInt64 = 0

  private(set) var batches: UInt64 = 0
  private(set) var failures: UInt64 = 0
  /// Rewritings because more came at once than a batch takes.
  private(set) var rewritings: UInt64 = 0

  init(interval: UInt64) { self.interval = interval }

  /// Whether the host has a file.
  var isOpen: Bool { BuildTrait.persistence.isBuiltIn && hasFile }

  mutating func opened() { hasFile = true }

  /// There is no file, and all goes on in memory.
  mutating func notOpened() {
    hasFile = false
    failures += 1
  }

  mutating func sealed(at now: UInt64) {
    nextBatch = now + interval
    patienceEnds = now + Keeper.patience
    batches += 1
  }

  mutating func failed(at now: UInt64) {
    failures += 1
    rewriting = nil
    retryAt = now + Keeper.retryAfter
  }

  /// The disk does not answer: it is tried again when it does.
  mutating func abandon(at now: UInt64) {
    failed(at: now)
    retryAt = nil
    isAbandoned = true
  }

  /// The disk has answered at last.
  mutating func answered(at now: UInt64) {
    isAbandoned = false
    retryAt = now
  }

  mutating func torn() { rewritings += 1 }

  mutating func beginRewriting() {
    retryAt = nil
    rewriting = RewriteCursor()
  }

  /// Whether the time of day is to be put down.
  mutating func wantsClock(at now: UInt64) -> Bool {
    guard now >= nextClock else { return false }
    nextClock = now + Keeper.clockInterval
    return true
  }
}

/// Which family puts its records down anew, and from where on.
struct RewriteCursor {
  var family = FamilyKind.none
  var place = 0
}
