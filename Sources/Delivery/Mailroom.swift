public import Memory
public import WebSocket

/// Takes what is to be sent: a frame goes into its receiver's outbox, and the receiver into the set
/// of those that are flushed at the end of the turn.
///
/// Everything is bounded, and full is an answer: a frame that finds no place is not queued, and its
/// receiver is noted in `missed`, to be closed with 1013.
///
/// Questions about room are `mutating` though they change nothing: to borrow a struct of this size
/// the compiler copies it, for each message.
public struct Mailroom: ~Copyable {
  /// Places of every outbox that only control frames may use.
  public static let controlPlaces = 2
  /// Bytes of the sets for each connection: two with an order, and three bits.
  public static var bytesOfSets: Int { 2 * IndexSet.bytesPerIndex + 1 }

  public var outboxes: Outboxes
  public var users: Users
  /// What has to outlive the process.
  public var journal: Journal
  var holds: Holds
  /// Connections that got something since they were last flushed.
  public var dirty: IndexSet
  /// Connections that missed a frame, for want of room if they are not `faulty`: they get no later
  /// one, and are to be closed.
  public var missed: IndexSet
  /// Those that it could not put a frame together for, by its own fault, until they are gone.
  public private(set) var faulty: BitSet
  /// Connections whose receiver takes no more for now: the gateway says so.
  public var blocked: BitSet
  /// Connections that are to be told more when their outbox is empty.
  public var waiting: BitSet
  /// Where a message is put together before it is queued.
  public var draft: ByteWriter
  /// Parcels that may wait for one connection, control frames aside.
  public let places: Int
  /// Whether an outbox is half full, or the pool, so that a flush is due before the turn's end.
  public private(set) var isPressed = false
  /// Messages that were queued, a share each.
  public internal(set) var messageCount: UInt64 = 0

  /// What messages are compressed with.
  public var deflation: Deflation
  /// Frames for many.
  var shared = SharedFrames()
  /// What one connection is answered at once.
  var cork: Cork
  /// Slots of the write pool of which so many are free that a full cork may wait in an outbox:
  /// beside the half that is set aside at most, an eighth holds what is more than the answer to one
  /// message.
  let ampleCorkSlots: Int

  /// - Parameters:
  ///   - connections: are numbered from 0 to this, less one.
  ///   - places: parcels that may wait for one connection, at least 1.
  ///   - slots: of the write pool, at least 2.
  ///   - slotSize: bytes, 256 to `Parcel.slotMaximum`.
  ///   - draftSize: bytes of the longest message that is put together in `draft`.
  ///   - corkSize: bytes of answers that are gathered for one write, at least 1.
  ///   - replySize: bytes of the longest answer to one message, `corkSize` at most.
  ///   - deflate: what compressing messages may take.
  ///   - seed: random, and known to no peer.
  public init(
    connections: Int, places: Int, slots: Int, slotSize: Int, draftSize: Int,
    corkSize: Int = 4096, replySize: Int = 4096, deflate: DeflateLimits = DeflateLimits(),
    seed: UInt64,
    journal: consuming Journal = Journal()
  ) {
    precondition(slotSize >= 256 && slotSize <= Parcel.slotMaximum)
    precondition(places > 0 && places + Mailroom.controlPlaces <= Int(UInt16.max))
    outboxes = Outboxes(
      connections: connections, places: places + Mailroom.controlPlaces, slots: slots,
      slotSize: slotSize)
    users = Users(connections: connections, seed: seed)
    self.journal = journal
    holds = Holds(connections: connections)
    dirty = IndexSet(capacity: connections)
    missed = IndexSet(capacity: connections)
    faulty = BitSet(capacity: connections)
    blocked = BitSet(capacity: connections)
    waiting = BitSet(capacity: connections)
    draft = ByteWriter(capacity: draftSize)
    deflation = Deflation(deflate, connections: connections, messageSize: draftSize)
    cork = Cork(capacity: corkSize)
    let corkSlots = outboxes.slots(for: corkSize)
    let share = corkSlots - outboxes.slots(for: replySize)
    ampleCorkSlots = max(corkSlots + 1, share > 1 ? slots / 2 + 8 * share : 0)
    self.places = places
  }

  // MARK: Room

  /// Whether `length` bytes, frame heads included, find room for `connection` now.
  ///
  /// Who missed a frame gets none any more: it must not see a later one without it.
  public mutating func hasRoom(for length: Int, to connection: Int) -> Bool {
    mayReceive(connection) && hasRoom(for: length, to: connection, places: places)
  }

  /// Whether something that can wait elsewhere is better sent now: to a receiver that takes what it
  /// gets, and into a queue that does not fill up with it.
  public mutating func mayTakeNow(_ length: Int, _ connection: Int) -> Bool {
    if blocked.contains(connection) { return false }
    return outboxes.isEmpty(connection)
      || outboxes.count(of: connection) < places && hasRoom(for: length, to: connection)
  }

  /// Whether a text of `size` bytes that is kept elsewhere may be sent now: half of the outbox and
  /// of the pool stay free for what is live. To an empty outbox one always may: what finds no room
  /// then never will.
  public mutating func mayTellMore(_ size: Int, to connection: Int) -> Bool {
    if outboxes.isEmpty(connection) { return true }
    return !blocked.contains(connection) && 2 * outboxes.count(of: connection) < places
      && 2 * outboxes.pool.available > outboxes.pool.capacity
      && hasRoom(for: ServerFrameHeader.maximumSize + size, to: connection)
  }

  mutating func mayReceive(_ connection: Int) -> Bool {
    !missed.contains(connection)
  }

  private mutating func hasRoomBehindCork(for length: Int, to connection: Int) -> Bool {
    spillCork(of: connection)
    return hasRoom(for: length, to: connection)
  }

  private mutating func hasRoom(for length: Int, to connection: Int, places: Int) -> Bool {
    if length <= outboxes.tailRoom(of: connection) { return true }
    return outboxes.count(of: connection) < places && mayHoldMore(connection)
      && outboxes.slots(for: length) <= outboxes.pool.available
  }

  /// A receiver that takes nothing may hold an eighth of the free slots, so that no few of them
  /// hold them all.
  mutating func mayHoldMore(_ connection: Int) -> Bool {
    !blocked.contains(connection)
      || outboxes.slotCount(of: connection) <= max(1, outboxes.pool.available / 8)
  }

  /// A frame could not be put together, by the server's own fault.
  public mutating func fault(_ connection: Int) {
    missed.insert(connection)
    faulty.insert(connection)
  }

  /// Whether a connection may be answered once more, which has not taken yet what waits for it: it
  /// may fill an eighth of the free slots that are not set aside, so that no few of them hold them
  /// all. One slot is set aside for each connection that holds none, but no more than half of them:
  /// those that take nothing are kept from taking what all others need.
  public mutating func mayBeAnswered(_ connection: Int) -> Bool {
    let aside = min(users.capacity - outboxes.holders, outboxes.pool.capacity / 2)
    return outboxes.slotCount(of: connection) < max(1, (outboxes.pool.available - aside) / 8)
  }

  /// Notes whether a flush is due.
  mutating func weigh(_ connection: Int) {
    guard !isPressed else { return }
    let isLow = outboxes.pool.available < outboxes.pool.capacity / 4
    let isHigh = outboxes.count(of: connection) > places / 2 && !blocked.contains(connection)
    isPressed = isLow || isHigh
  }

  /// Everyone has been flushed.
  public mutating func relieved() { isPressed = false }

  // MARK: To one

  /// Queues one message. When there is no room the receiver is noted in `missed`.
  @inline(__always)
  public mutating func send(_ opcode: Opcode, _ payload: RawSpan, to connection: Int) {
    if cork.append(opcode, payload, to: connection) { return messageCount += 1 }
    queue(opcode, payload, to: connection)
  }

  @inline(never)
  private mutating func queue(_ opcode: Opcode, _ payload: RawSpan, to connection: Int) {
    spillCork(of: connection)
    if deflation.compresses(connection), compress(payload, for: connection) {
      return queueCompressed(opcode, to: connection)
    }
    let header = ServerFrameHeader(opcode, payloadSize: payload.byteCount)
    if hasRoom(for: header.size + payload.byteCount, to: connection) {
      outboxes.append(header.bytes, payload, to: connection)
      queued(connection)
    } else {
      missed.insert(connection)
    }
  }

  mutating func queued(_ connection: Int) {
    messageCount += 1
    dirty.insert(connection)
    weigh(connection)
  }

  /// Queues a control frame, of at most 125 bytes, in the places that only those may use. Returns
  /// false, with nothing queued, when not even there is room.
  @discardableResult
  public mutating func sendControl(
    _ opcode: Opcode, _ payload: RawSpan, to connection: Int
  ) -> Bool {
    precondition(opcode.isControl && payload.byteCount <= 125)
    if cork.append(opcode, payload, to: connection) { return true }
    spillCork(of: connection)
    let header = ServerFrameHeader(opcode, payloadSize: payload.byteCount)
    let length = header.size + payload.byteCount
    let hasRoom =
      length <= outboxes.tailRoom(of: connection)
      || outboxes.count(of: connection) < places + Mailroom.controlPlaces
        && outboxes.pool.available > 0
    guard hasRoom else { return false }
    outboxes.append(header.bytes, payload, to: connection)
    dirty.insert(connection)
    return true
  }

  /// Queues what was put together in `draft` as one text frame, and empties the draft. When there
  /// is no room the receiver is noted in `missed`; when the draft was too small, in `faulty`, too.
  public mutating func sendDraft(to connection: Int) {
    if !draft.overflowed, Mailroom.append(draft, to: connection, &cork) {
      messageCount &+= 1
    } else {
      queueDraft(to: connection)
    }
    draft.removeAll()
  }

  @inline(never)
  private mutating func queueDraft(to connection: Int) {
    let header = ServerFrameHeader(.text, payloadSize: draft.count)
    if draft.overflowed {
      spillCork(of: connection)
      fault(connection)
    } else if deflation.compresses(connection), compressDraft(for: connection) {
      queueCompressed(.text, to: connection)
    } else if hasRoomBehindCork(for: header.size + draft.count, to: connection) {
      Mailroom.append(header, draft, to: connection, &outboxes)
      queued(connection)
    } else {
      missed.insert(connection)
    }
  }

  private static func append(
    _ draft: borrowing ByteWriter, to connection: Int, _ cork: inout Cork
  ) -> Bool {
    cork.append(.text, draft.bytes, to: connection)
  }

  private static func append(
    _ header: ServerFrameHeader, _ draft: borrowing ByteWriter, to connection: Int,
    _ outboxes: inout Outboxes
  ) {
    outboxes.append(header.bytes, draft.bytes, to: connection)
  }

  /// Queues what was put together in `draft` as it is, HTTP, and empties the draft. Returns false,
  /// with nothing queued, when there is no room.
  public mutating func sendRawDraft(to connection: Int) -> Bool {
    spillCork(of: connection)
    let fits = hasRoom(for: draft.count, to: connection) && !draft.overflowed
    if fits {
      Mailroom.append(draft, to: connection, &outboxes)
      dirty.insert(connection)
      weigh(connection)
    }
    draft.removeAll()
    return fits
  }

  private static func append(
    _ draft: borrowing ByteWriter, to connection: Int, _ outboxes: inout Outboxes
  ) {
    outboxes.append(RawSpan(), draft.bytes, to: connection)
  }

  /// Queues a close frame, if there is room even for that. With `dropping`, what was not begun to
  /// be sent is dropped first: the receiver is too slow to get it.
  ///
  /// - Parameter reason: at most 123 bytes (RFC 6455, section 5.5.1).
  /// - Returns: whether there was room.
  @discardableResult
  public mutating func sendClose(
    _ code: CloseCode, _ reason: StaticString = "", to connection: Int, dropping: Bool
  ) -> Bool {
    if dropping { outboxes.dropUnsent(connection) }
    let words = reason.bytes
    var payload = InlineArray<125, UInt8>(repeating: 0)
    payload[0] = UInt8(code.rawValue >> 8)
    payload[1] = UInt8(code.rawValue & 0xFF)
    for offset in 0..<words.byteCount { payload[2 + offset] = words[offset] }
    let span = payload.span.raw.extracting(0..<(2 + words.byteCount))
    return sendControl(.close, span, to: connection)
  }

  // MARK: Memory

  /// Makes all memory resident; only before the first frame.
  public mutating func touch() {
    outboxes.touch()
    users.touch()
    draft.touch()
    cork.touch()
    deflation.touch()
    journal.touch()
  }

  /// Forgets a connection that is gone.
  public mutating func remove(_ connection: Int) {
    cork.discard(of: connection)
    outboxes.clear(connection)
    deflation.close(connection)
    holds.release(connection)
    users.leave(connection)
    dirty.remove(connection)
    missed.remove(connection)
    faulty.remove(connection)
    blocked.remove(connection)
    waiting.remove(connection)
  }
}
