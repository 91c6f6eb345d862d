import Memory

/// Texts that are kept for users, connected or not, so that who comes gets what was missed.
///
/// Everything is bounded: so many messages of one user, so many bytes of all, so many users. The
/// oldest go first, the user's own before others'. What goes in that way, or by its age, raises
/// the user's floor, so that no gap is ever hidden; what was read or replaced does not.
///
/// The texts lie in slots of one pool. In memory ages are those of the monotonic clock; records
/// hold the wall clock's time, and are put anew when that clock is set.
public struct KeptMessages: ~Copyable {
  /// Bytes of a slot: most texts fit one.
  static var slotSize: Int { 192 }
  /// Messages that go by their age in one call.
  static var expiriesPerCall: Int { 64 }

  var users: Slab<KeptUser>
  var index: HashIndex
  var messages: Slab<KeptMessage>
  var pool: SlotPool
  /// Users that may go, the longest unused first: those without messages, and those with.
  var leavers = InlineArray<2, KeptEnds>(repeating: KeptEnds())
  var byAge = KeptEnds()

  let perUser: Int
  /// Milliseconds.
  let lifetime: UInt64
  let kind: RecordKind
  let userKind: RecordKind?
  /// Where ids begin in this run.
  public let firstID: UInt64
  /// Ids of earlier runs up to this one are known, nil when none are.
  let knownUpTo: UInt64?
  /// The highest id that a message was given, of any user.
  public internal(set) var highestID: UInt64 = 0
  /// The highest id that a user may have had of whom nothing is known.
  var unknownFloor: UInt64
  /// Key of the record that says so, 0 before there is one.
  var forgottenKey: UInt64 = 0
  /// No expiry before this: the last one was cut short.
  var notBefore: UInt64 = 0
  var clocks = KeptClocks()

  /// - Parameters:
  ///   - users: of whom something is known at once, one more than can be pinned at least.
  ///   - perUser: messages of one user, at least 1.
  ///   - size: bytes of all texts.
  ///   - lifetime: of a message, in milliseconds.
  ///   - kind: of the records of messages.
  ///   - userKind: of the records of users, nil when what is known of them need not outlive the
  ///     process.
  ///   - firstID: where ids begin, greater than all that earlier runs gave, and than 0.
  ///   - knownUpTo: the highest id that an earlier run may have given whose records are restored, 0
  ///     when there was none; nil when nothing is restored.
  ///   - seed: random, and known to no peer.
  public init(
    users: Int, perUser: Int, size: Int, lifetime: UInt64, kind: RecordKind,
    userKind: RecordKind?, firstID: UInt64,
    knownUpTo: UInt64? = 0, seed: UInt64
  ) {
    precondition(perUser > 0 && firstID > 0)
    self.users = Slab(capacity: users)
    index = HashIndex(capacity: users, seed: seed)
    let slots = KeptMessages.slots(size)
    messages = Slab(capacity: slots)
    pool = SlotPool(capacity: slots, slotSize: KeptMessages.slotSize)
    self.perUser = perUser
    self.lifetime = lifetime
    self.kind = kind
    self.userKind = userKind
    self.firstID = firstID
    self.knownUpTo = knownUpTo
    unknownFloor = knownUpTo == nil ? firstID - 1 : 0
  }

  private static func slots(_ size: Int) -> Int { max(1, size / slotSize) }

  /// Bytes of all that `init` takes for the same numbers.
  public static func byteCount(users: Int, size: Int) -> Int {
    users * (MemoryLayout<KeptUser>.stride + MemoryLayout<UInt32>.stride)
      + HashIndex.byteCount(capacity: users)
      + slots(size)
      * (MemoryLayout<KeptMessage>.stride + MemoryLayout<UInt32>.stride + slotSize
        + SlotPool.overhead)
  }

  /// Makes all memory resident; only before the first user.
  public mutating func touch() {
    users.touch()
    messages.touch()
    pool.touch()
  }

  // MARK: For management

  /// Messages that are held, and the most that were at once.
  public var count: Int { messages.count }
  public var peak: Int { messages.peak }
  /// The most messages that can be held.
  public var capacity: Int { messages.capacity }
  /// Users of whom something is known, and the most that there were at once.
  public var userCount: Int { users.count }
  public var userPeak: Int { users.peak }
  public var userCapacity: Int { users.capacity }
  /// Slots of texts in use.
  public var slotsInUse: Int { pool.capacity - pool.available }
}
