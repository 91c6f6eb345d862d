import Memory

/// Answers that go at once.
extension Mailroom {
  /// Gathers what is queued for `connection` until `endCork`, if nothing waits for it and the pool
  /// has plenty of room: what the network does not take goes into the outbox. Like any receiver
  /// that takes nothing, this one may then hold an eighth of the free slots at most that are not
  /// set aside, the answer to one message, and the slot of a frame that was begun.
  ///
  /// Until then nothing may be queued for anybody else: it could take that room. Answers that are
  /// compressed go into the outbox.
  public mutating func beginCork(_ connection: Int) {
    guard outboxes.isEmpty(connection), isOrdinary(connection),
      !deflation.compresses(connection), outboxes.pool.available >= ampleCorkSlots
    else { return }
    cork.begin(connection)
  }

  /// Whether it may receive, and at once.
  private mutating func isOrdinary(_ connection: Int) -> Bool {
    // Most of the time nobody is in either of these sets.
    if missed.isEmpty, holds.isEmpty { return true }
    return mayReceive(connection) && !holds.contains(connection)
  }

  public mutating func isCorked(_ connection: Int) -> Bool { cork.isOf(connection) }

  /// Whether an answer of `length` bytes, frame heads included, will be gathered.
  public mutating func corkTakes(_ length: Int, for connection: Int) -> Bool {
    cork.isOf(connection) && length <= cork.room
  }

  /// What was gathered: whole frames, in order.
  public var corked: RawSpan {
    @_lifetime(borrow self) get { cork.bytes }
  }

  /// Gathers no longer; what was not sent waits in the outbox.
  ///
  /// - Parameter sent: bytes, from the first.
  public mutating func endCork(_ connection: Int, sent: Int) {
    guard cork.isOf(connection) else { return }
    if sent < cork.count {
      Mailroom.move(from: sent, of: cork, to: connection, &outboxes)
      weigh(connection)
    }
    cork.end()
  }

  /// Gathers no longer if it does for `connection` and has gathered nothing, and returns whether
  /// that is so: one frame may then be sent from elsewhere, for which there is room.
  public mutating func endEmptyCork(_ connection: Int) -> Bool {
    cork.endEmpty(connection)
  }

  /// Notes what became of the frame after `endEmptyCork`: what was not sent waits in the outbox.
  ///
  /// - Parameters:
  ///   - sent: bytes, from the first.
  ///   - frame: a message, no longer than the cork takes.
  public mutating func noteSent(_ sent: Int, of frame: RawSpan, to connection: Int) {
    messageCount &+= 1
    guard sent < frame.byteCount else { return }
    let rest = frame.extracting(sent...)
    let isTorn = sent > 0
    outboxes.append(
      torn: isTorn ? rest : RawSpan(), whole: isTorn ? RawSpan() : rest, to: connection)
    weigh(connection)
  }

  private static func move(
    from sent: Int, of cork: borrowing Cork, to connection: Int, _ outboxes: inout Outboxes
  ) {
    let whole = cork.endOfFrame(at: sent)
    outboxes.append(
      torn: cork.bytes.extracting(sent..<whole), whole: cork.bytes.extracting(whole...),
      to: connection)
  }

  /// Keeps the order: what is queued otherwise stands behind what was gathered.
  mutating func spillCork(of connection: Int) {
    guard cork.isOf(connection) else { return }
    let waits = !cork.isEmpty
    endCork(connection, sent: 0)
    if waits { dirty.insert(connection) }
  }
}
