import Delivery
public import HTTP
import Memory
public import Tokens
import WebSocket

/// The gateway: connections in, messages to their families, deliveries out, a turn at a time.
///
/// All memory is taken in `init`. It runs on one thread, does no I/O of its own, and never waits
/// for one peer: what a peer is slow to take or to send costs that peer alone.
///
/// What is asked in every turn, or of every message, is `mutating` though it changes nothing:
/// to borrow a struct of this size the compiler copies it.
public struct Gateway<Link: Transport & ~Copyable>: ~Copyable {
  public var link: Link
  var log: Log
  let limits: Limits
  let bounds: Bounds
  let origins: AllowedOrigins
  var doorkeeper: Doorkeeper
  var connectRate: ConnectRate
  var metrics = Metrics()
  var keeper: Keeper
  let heritage: Heritage
  /// Where ids begin that grow: no earlier run has given one as large.
  let firstID: UInt64
  /// The request at hand that goes to every user.
  var fanOut: FanOut?
  /// Records of earlier runs that nobody had room for.
  var forgotten = 0
  /// Messages queued before this share of a turn.
  var queuedBefore: UInt64 = 0

  var connections: FixedArray<Connection>
  /// Of each connection, if there is any limit.
  var rates: FixedArray<Rates>
  var deadlines: DeadlineQueue
  var families: Families
  var mailroom: Mailroom
  /// Slots for what is torn or has to wait, on its way in.
  var readPool: SlotPool
  /// Where a turn's bytes are received and read; nil in a turn.
  var received: Buffer?
  /// Where a message in pieces is put together; nil while it is read.
  var assembled: Buffer?
  /// Where a compressed message is inflated, if any are; nil while it is read.
  var inflated: Buffer?

  /// The path of the request at hand, without its escapes.
  var path: ByteWriter
  /// Whether the request at hand came with TLS.
  var isSecure = false
  /// Where the content of an HTTP response is put together.
  var content: ByteWriter
  /// The header lines that let a page of another origin read the response at hand.
  var crossOrigin: ByteWriter

  /// Places whose backlog may be read on.
  var resumable: IndexSet
  /// Places that are not read until the read pool has slots again.
  var starved: IndexSet
  /// Places whose backlog waits for slots of the write pool, and for one of the read pool.
  var congested: IndexSet
  /// Places with an empty outbox that are to be told more.
  var unfinished: IndexSet
  /// Places in phase `lost`.
  var lost: IndexSet

  /// Connections that hold slots of the read pool.
  var holders = 0
  /// Connections in any phase.
  public internal(set) var connectionCount = 0
  /// Connections past their opening handshake.
  public internal(set) var openCount = 0
  var refusals = Refusals()
  var draining = Draining()
  var now = Moment(monotonic: 0, wall: 0)
  let started: UInt64
  /// The newest connection's.
  var lastStamp: UInt64 = 0

  public init(
    link: consuming Link, limits: Limits, origins: consuming AllowedOrigins,
    keys: consuming KeySet, rules: TokenRules, clock: ClockRules, log: consuming Log,
    heritage: Heritage = Heritage(hasFile: false)
  ) {
    now = Moment(monotonic: link.now, wall: link.wallClock)
    started = now.monotonic
    self.link = link
    self.log = log
    self.limits = limits
    bounds = Bounds(limits)
    self.origins = origins
    let places = limits.places
    doorkeeper = Doorkeeper(keys: keys, rules: rules, clock: clock)
    connections = FixedArray(count: places) { _ in Connection() }
    rates = FixedArray(zeroed: bounds.isRated ? places : 0)
    deadlines = DeadlineQueue(capacity: places)
    let seed = Gateway.seed(from: &self.link)
    connectRate = ConnectRate(rate: limits.connectRate, burst: limits.connectBurst, seed: seed)
    keeper = Keeper(interval: limits.persistInterval)
    self.heritage = heritage
    firstID = max(now.wall * 1000, heritage.firstID)
    families = Families(
      limits, firstID: firstID, knownUpTo: heritage.knownUpTo, seed: seed)
    mailroom = Mailroom(
      connections: places, places: limits.writePlaces, slots: limits.writeSlots,
      slotSize: limits.writeSlotSize, draftSize: limits.draftSize,
      corkSize: limits.corkSize, replySize: limits.replyMaximum, deflate: limits.deflate,
      seed: seed,
      journal: Journal(batchSize: limits.batchSize, recordSize: limits.recordSize))
    readPool = SlotPool(capacity: limits.readSlots, slotSize: limits.readSlotSize)
    received = Buffer(size: limits.receivedSize)
    assembled = Buffer(size: limits.assembledSize)
    inflated = limits.deflate.memory > 0 ? Buffer(size: limits.messageMaximum + 1) : nil
    path = ByteWriter(capacity: limits.headMaximum)
    content = ByteWriter(capacity: limits.contentSize)
    crossOrigin = ByteWriter(capacity: Limits.crossOriginMaximum)
    resumable = IndexSet(capacity: places)
    starved = IndexSet(capacity: places)
    congested = IndexSet(capacity: places)
    unfinished = IndexSet(capacity: places)
    lost = IndexSet(capacity: places)
  }

  /// What hashes depend on, so that no peer can foretell them.
  private static func seed(from link: inout Link) -> UInt64 {
    let bytes = link.sixteenRandomBytes()
    return bytes.span.raw.load(at: 0, as: UInt64.self)
  }

  /// Whether draining is over: the program may end.
  public var isDone: Bool { draining.isOver(connectionCount, at: now.monotonic) }

  /// One turn: wait, take what has come from each that is ready, see to what is due, then send
  /// each outbox once.
  @_optimize(speed)
  public mutating func turn() throws(Link.Failure) {
    try link.wait(until: nextWakeUp())
    let began = link.microseconds
    now = Moment(monotonic: link.now, wall: link.wallClock)
    beginShare()
    guard var buffer = received.take() else { preconditionFailure("a turn within a turn") }
    while let event = link.nextEvent() { handle(event, &buffer) }
    while let place = deadlines.popDue(now.monotonic) { expire(place) }
    if let due = families.wakeUp, due <= now.monotonic {
      relieve()
      families.woke(at: now, &mailroom)
    }
    drain()
    settle(&buffer)
    received = consume buffer
    metrics.turns.observe(link.microseconds &- began)
  }

  /// The wait's end: at once when something is left to do from the last turn.
  private mutating func nextWakeUp() -> UInt64? {
    let isHungry = canFeed && !starved.isEmpty || canResume && !congested.isEmpty
    if !resumable.isEmpty || canTell && !unfinished.isEmpty || isHungry { return 0 }
    var next = min(deadlines.first ?? .max, draining.nextWakeUp ?? .max)
    if isShort { next = min(next, now.monotonic + limits.pressureWait) }
    let later = min(families.wakeUp ?? .max, nextKeeping ?? .max)
    return min(next, later) == .max ? nil : min(next, later)
  }

  @_optimize(speed)
  private mutating func handle(_ event: LinkEvent, _ buffer: inout Buffer) {
    switch event {
    case .accepted(let place): accept(place)
    case .ready(let place, let readable, let writable):
      if writable { flush(place) }
      if readable { receive(place, &buffer) }
    case .failed(let place): drop(place, because: "connection failed")
    case .refused(let shortage): refusals.add(shortage)
    case .terminate: startDraining()
    case .reload: reload()
    case .stored: stored(link.takeStoreFailure())
    }
  }

  private mutating func accept(_ place: Int) {
    precondition(connections[place].phase == .vacant)
    connections[place].phase = .head
    connections[place].since = now.monotonic
    connections[place].lastReceived = now.monotonic
    connectionCount += 1
    metrics.connectionPeak = max(metrics.connectionPeak, connectionCount)
    deadlines.require(place, by: now.monotonic + limits.handshakeTimeout)
    guard limits.connectRate == 0 || connectRate.allows(link.address(place), at: now.monotonic)
    else {
      metrics.count(.connectRateLimited)
      // To say so would take the handshake, which is what costs.
      guard !link.isSecure(place) else { return drop(place, because: "connects too often") }
      return refuse(place, .tooManyRequests, "Connect less often: too many come from your address.")
    }
  }

  /// Sends what the turn has queued, closes who could not take it, and lets those go on that
  /// waited for room.
  @_optimize(speed)
  private mutating func settle(_ buffer: inout Buffer) {
    sendAll()
    keepRecords()
    if isShort { makeWay() }
    feed()
    // Who had to wait has a share of the turn that those who come anew cannot use up.
    beginShare()
    for _ in 0..<resumable.count {
      if let place = resumable.popFirst() { resume(place, &buffer) }
    }
    for _ in 0..<unfinished.count where canTell {
      if let place = unfinished.popFirst() { tellMore(place) }
    }
    sendAll()
    mailroom.endSharing()
    reportRefusals()
  }

  /// Until nothing is left to send: who is dropped or closed may be a loss that others hear of.
  @_optimize(speed)
  mutating func sendAll() {
    repeat {
      while let place = mailroom.missed.popFirst() { closeWithout(place) }
      while let place = mailroom.dirty.popFirst() { flush(place) }
      while let place = lost.popFirst() { drop(place, because: "connection lost") }
    } while !mailroom.dirty.isEmpty || !mailroom.missed.isEmpty
    mailroom.relieved()
  }

  /// Before something that tells many: their outboxes must have room for it.
  mutating func relieve() {
    guard mailroom.isPressed else { return }
    while let place = mailroom.dirty.popFirst() { flush(place) }
    mailroom.relieved()
  }

  /// Lets those go on for whom slots came back, the longest waiting first.
  private mutating func feed() {
    while canFeed, let place = starved.popFirst() { watch(place) }
    while canResume, let place = congested.popFirst() { resumable.insert(place) }
  }

  @_optimize(speed)
  private mutating func beginShare() {
    queuedBefore = mailroom.messageCount
    doorkeeper.beginShare()
  }

  /// Whether what a share of a turn may queue has been queued: one message to a room is as many
  /// as it has members, and the others' turn has to come.
  var isSpent: Bool {
    mutating get { mailroom.messageCount &- queuedBefore > bounds.messagesPerShare }
  }

  /// Whether the write pool has slots for the longest that waits for room.
  private var canTell: Bool {
    mutating get { mailroom.outboxes.pool.available >= bounds.longestAnswerSlots }
  }

  /// Whether what one more receive may leave can be kept, whoever it is.
  private var canFeed: Bool { mutating get { readShare > 0 } }

  /// Whether a backlog may be read on: it may take one slot more than it gives back.
  var canResume: Bool { mutating get { writeSlotsSuffice && readPool.available > 0 } }

  /// Whether somebody waits for slots of the write pool.
  var isShort: Bool {
    @inline(__always) mutating get {
      !congested.isEmpty && !writeSlotsSuffice || !unfinished.isEmpty && !canTell
    }
  }

  /// Whether the write pool has slots for the longest answer to one message.
  var writeSlotsSuffice: Bool {
    mutating get {
      mailroom.outboxes.pool.available >= bounds.replySlots
    }
  }

  // MARK: Events of one connection

  /// Tells the loop what to watch for: a peer that does not take its answers is not read.
  @_optimize(speed)
  mutating func watch(_ place: Int) {
    let isBlocked = connections[place].blockedSince != 0
    let reads =
      switch connections[place].phase {
      case .lingering: !connections[place].hasEnded
      case .lost: false
      default: !(isBlocked || connections[place].isStalled || starved.contains(place))
      }
    link.watch(place, readable: reads, writable: isBlocked)
  }

  /// Ends a connection at once, whatever is queued.
  @inline(never)
  mutating func drop(_ place: Int, because reason: StaticString) {
    guard connections[place].phase != .vacant else { return }
    leaveFamily(place)
    dropFanOut(place)
    if log.begin(.debug, "connection closed", at: now.wall) {
      log.field("connection", place)
      log.field("reason", reason)
      endLogLine()
    }
    mailroom.remove(place)
    readPool.giveBack(&connections[place].assembler.pieces)
    readPool.giveBack(&connections[place].backlog)
    countHolder(place)
    connections[place] = Connection()
    deadlines.remove(place)
    resumable.remove(place)
    starved.remove(place)
    congested.remove(place)
    unfinished.remove(place)
    lost.remove(place)
    link.close(place)
    connectionCount -= 1
  }

  /// Ends the line of the log that was begun.
  mutating func endLogLine() { Gateway.write(&log, to: link) }

  private static func write(_ log: inout Log, to link: borrowing Link) { link.log(log.end()) }

  /// The family hears of the end once, as soon as it is decided.
  mutating func leaveFamily(_ place: Int) {
    let family = connections[place].family
    guard family != .none else { return }
    relieve()
    connections[place].family = .none
    openCount -= 1
    metrics.open[Int(family.rawValue)] -= 1
    metrics.durations.observe((now.monotonic - connections[place].since) * 1000)
    families.closed(family, place, at: now, &mailroom)
  }
}
