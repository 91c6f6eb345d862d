public import Memory

/// The bytes that wait for each connection, in parcels of the write pool's slots.
///
/// Small frames for one receiver share a slot, so that a burst of them is one part of one write; a
/// frame longer than a slot takes slots that are linked; a frame for many is held by all of them.
public struct Outboxes: ~Copyable {
  public internal(set) var pool: SlotPool
  private var parcels: RingTable<Parcel>
  /// Per connection: slots that it holds, shared or not.
  private var slotCounts: FixedArray<UInt32>
  /// Connections that hold any.
  private(set) var holders = 0

  init(connections: Int, places: Int, slots: Int, slotSize: Int) {
    pool = SlotPool(capacity: slots, slotSize: slotSize)
    // Nearly all have one parcel at most, and who is idle never had more.
    parcels = RingTable(rings: connections, capacity: places, layout: .placeByPlace)
    slotCounts = FixedArray(zeroed: connections)
  }

  /// Bytes of bookkeeping for each connection.
  public static func bytesPerConnection(places: Int) -> Int {
    places * MemoryLayout<Parcel>.stride + RingTable<Parcel>.overhead + MemoryLayout<UInt32>.stride
  }

  /// Makes all memory resident; only before the first frame.
  public mutating func touch() {
    pool.touch()
    parcels.touch()
  }

  /// Parcels that wait.
  public func count(of connection: Int) -> Int { parcels.count(of: connection) }

  /// Slots that are held for what waits.
  public func slotCount(of connection: Int) -> Int { Int(slotCounts[connection]) }

  public func isEmpty(_ connection: Int) -> Bool { parcels.count(of: connection) == 0 }

  /// Slots that hold so many bytes.
  func slots(for length: Int) -> Int { (length + pool.slotSize - 1) / pool.slotSize }

  /// Bytes free behind the last parcel, if nobody else can see them.
  func tailRoom(of connection: Int) -> Int {
    let count = parcels.count(of: connection)
    guard count > 0, pool.isExclusive(parcels[connection, count - 1].slot),
      !pool.isLinked(parcels[connection, count - 1].slot)
    else { return 0 }
    return pool.slotSize - parcels[connection, count - 1].range.upperBound
  }

  // MARK: Filling

  /// Queues a frame of two parts, for which there must be room.
  mutating func append(_ head: RawSpan, _ body: RawSpan, to connection: Int) {
    let length = head.byteCount + body.byteCount
    guard length > 0 else { return }
    if length <= tailRoom(of: connection) {
      appendToTail(head, connection)
      appendToTail(body, connection)
    } else {
      push(write(head, body), slots: slots(for: length), to: connection)
    }
  }

  /// Queues the rest of a frame that was begun to be sent, and whole frames behind it, for which
  /// there must be room, for a receiver for whom nothing waits.
  mutating func append(torn: RawSpan, whole: RawSpan, to connection: Int) {
    precondition(isEmpty(connection))
    if torn.byteCount > 0 {
      push(write(RawSpan(), torn), slots: slots(for: torn.byteCount), to: connection)
      parcels[connection, 0].isBegun = true
    }
    // In a parcel of its own: it may still be dropped.
    if whole.byteCount > 0 {
      push(write(RawSpan(), whole), slots: slots(for: whole.byteCount), to: connection)
    }
  }

  private mutating func appendToTail(_ bytes: RawSpan, _ connection: Int) {
    guard bytes.byteCount > 0 else { return }
    let last = parcels.count(of: connection) - 1
    let range = parcels[connection, last].range
    parcels.write(bytes, ring: connection, place: last, at: range.upperBound, &pool)
    parcels[connection, last].range = range.lowerBound..<(range.upperBound + bytes.byteCount)
  }

  private mutating func push(_ parcel: consuming Parcel, slots: Int, to connection: Int) {
    if slotCounts[connection] == 0 { holders += 1 }
    slotCounts[connection] += UInt32(slots)
    guard let refused = parcels.push(parcel, to: connection) else { return }
    pool.giveBack(refused.unwrap())
    preconditionFailure("room was not asked for")
  }

  /// Writes a frame into slots of its own, for which there must be room.
  ///
  /// The first slot takes what is left when all others are full, so that no end has to be kept.
  mutating func write(_ head: RawSpan, _ body: RawSpan) -> Parcel {
    let length = head.byteCount + body.byteCount
    var start = length
    var next: Slot? = nil
    while true {
      guard let slot = pool.take() else { preconditionFailure("room was not asked for") }
      let end = start
      start = max(0, end - pool.slotSize)
      write(head, body, start..<end, to: slot)
      if let linked = next.take() { pool.link(slot, to: linked) }
      if start == 0 { return Parcel(slot, 0..<end) }
      next = consume slot
    }
  }

  /// Writes `range` of the two parts, as if they were one, to the start of `slot`.
  private mutating func write(
    _ head: RawSpan, _ body: RawSpan, _ range: Range<Int>, to slot: borrowing Slot
  ) {
    let border = head.byteCount
    if range.lowerBound < border {
      let part = range.lowerBound..<min(range.upperBound, border)
      pool.write(head.extracting(part), to: slot, at: 0)
    }
    guard range.upperBound > border else { return }
    let part = max(range.lowerBound, border)..<range.upperBound
    pool.write(
      body.extracting(part.lowerBound - border..<part.upperBound - border), to: slot,
      at: part.lowerBound - range.lowerBound)
  }

  /// Whether one more share of `range` of `slot` needs no parcel of its own: it goes on where the
  /// last one ends.
  func continues(_ slot: borrowing Slot, _ range: Range<Int>, for connection: Int) -> Bool {
    let count = parcels.count(of: connection)
    guard count > 0 else { return false }
    return pool.isSame(parcels[connection, count - 1].slot, slot)
      && parcels[connection, count - 1].range.upperBound == range.lowerBound
  }

  /// Queues a share of a frame that many get, for which there must be room.
  ///
  /// - Parameter slots: that the frame takes.
  mutating func share(
    _ slot: borrowing Slot, _ range: Range<Int>, slots: Int, to connection: Int
  ) {
    if continues(slot, range, for: connection) {
      let last = parcels.count(of: connection) - 1
      let start = parcels[connection, last].range.lowerBound
      parcels[connection, last].range = start..<range.upperBound
    } else {
      push(Parcel(pool.share(slot), range), slots: slots, to: connection)
    }
  }

  /// Queues a copy of a frame that many get, and that is in one slot, in slots of its receiver's
  /// own: there frames stand one behind the other. Returns false, with nothing queued, when there
  /// is no room.
  mutating func copy(
    _ slot: borrowing Slot, _ range: Range<Int>, to connection: Int, places: Int
  ) -> Bool {
    if range.count <= tailRoom(of: connection) {
      let last = parcels.count(of: connection) - 1
      let old = parcels[connection, last].range
      parcels.copy(
        range, of: slot, ring: connection, place: last, at: old.upperBound, &pool)
      parcels[connection, last].range = old.lowerBound..<(old.upperBound + range.count)
      return true
    }
    guard parcels.count(of: connection) < places, let own = pool.take() else { return false }
    pool.copy(range, of: slot, to: own, at: 0)
    push(Parcel(own, 0..<range.count), slots: 1, to: connection)
    return true
  }

  // MARK: Emptying

  /// Bytes that wait.
  func byteCount(of connection: Int) -> Int {
    var sum = 0
    for place in 0..<parcels.count(of: connection) {
      sum += parcels[connection, place].range.count
      sum += (pool.linkedCount(parcels[connection, place].slot) - 1) * pool.slotSize
    }
    return sum
  }

  /// What waits for `connection`, in order, as far as one system call takes it.
  ///
  /// - Parameter limit: bytes at most.
  @_lifetime(borrow self)
  public func gather(_ connection: Int, limit: Int = .max) -> GatherList {
    var list = GatherList(over: pool, limit: limit)
    for place in 0..<parcels.count(of: connection) where !list.isFull {
      list.append(parcels[connection, place].slot, parcels[connection, place].range)
    }
    return list
  }

  /// What `gather` would give, if it lies in one piece, as it nearly always does; else no bytes.
  @_lifetime(borrow self)
  public func onePiece(_ connection: Int, limit: Int = .max) -> RawSpan {
    guard parcels.count(of: connection) == 1, !pool.isLinked(parcels[connection, 0].slot) else {
      return RawSpan()
    }
    let range = parcels[connection, 0].range
    let length = min(range.count, limit)
    return pool.bytes(of: parcels[connection, 0].slot)
      .extracting(range.lowerBound..<(range.lowerBound + length))
  }

  /// Lets go of the first `length` bytes, which were sent.
  public mutating func sent(_ length: Int, from connection: Int) {
    var left = length
    while left > 0 {
      let range = parcels[connection, 0].range
      if left < range.count {
        parcels[connection, 0].range = (range.lowerBound + left)..<range.upperBound
        parcels[connection, 0].isBegun = true
        return
      }
      left -= range.count
      release(1, of: connection)
      if pool.isLinked(parcels[connection, 0].slot) {
        pool.advance(&parcels[connection, 0].slot)
        parcels[connection, 0].range = 0..<pool.slotSize
        parcels[connection, 0].isBegun = true
      } else if let parcel = parcels.popFirst(of: connection) {
        pool.giveBack(parcel.unwrap())
      }
    }
  }

  /// Drops what was not begun to be sent: the receiver sees whole frames only.
  mutating func dropUnsent(_ connection: Int) {
    let count = parcels.count(of: connection)
    let kept = count > 0 && parcels[connection, 0].isBegun ? 1 : 0
    for _ in kept..<max(kept, count) {
      guard let parcel = parcels.popLast(of: connection) else { return }
      drop(parcel, connection)
    }
  }

  /// Drops everything: the connection is gone.
  mutating func clear(_ connection: Int) {
    while let parcel = parcels.popFirst(of: connection) { drop(parcel, connection) }
  }

  private mutating func drop(_ parcel: consuming Parcel, _ connection: Int) {
    release(pool.linkedCount(parcel.slot), of: connection)
    pool.giveBack(parcel.unwrap())
  }

  private mutating func release(_ slots: Int, of connection: Int) {
    slotCounts[connection] -= UInt32(slots)
    if slotCounts[connection] == 0 { holders -= 1 }
  }
}

extension RingTable<Parcel> {
  fileprivate borrowing func copy(
    _ range: Range<Int>, of slot: borrowing Slot, ring: Int, place: Int, at offset: Int,
    _ pool: inout SlotPool
  ) {
    pool.copy(range, of: slot, to: self[ring, place].slot, at: offset)
  }

  fileprivate borrowing func write(
    _ bytes: RawSpan, ring: Int, place: Int, at offset: Int, _ pool: inout SlotPool
  ) {
    pool.write(bytes, to: self[ring, place].slot, at: offset)
  }
}
