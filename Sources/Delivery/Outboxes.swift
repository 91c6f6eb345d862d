public import Memory

/// The bytes that wait for each connection, in parcels of the write pool's slots.
///
/// Small frames for one receiver share a slot, so that a burst of them is one part of one write.
public struct Outboxes: ~Copyable {
  public internal(set) var pool: SlotPool
  private var parcels: RingTable<Parcel>
  /// Per connection: whether the bytes sent so far end inside a frame.
  private var isMidFrame: FixedArray<Bool>

  init(connections: Int, places: Int, slots: Int, slotSize: Int) {
    pool = SlotPool(capacity: slots, slotSize: slotSize)
    parcels = RingTable(rings: connections, capacity: places)
    isMidFrame = FixedArray(repeating: false, count: connections)
  }

  /// Bytes of bookkeeping for each connection.
  public static func bytesPerConnection(places: Int) -> Int {
    places * MemoryLayout<Parcel>.stride + RingTable<Parcel>.overhead + MemoryLayout<Bool>.stride
  }

  /// Makes all memory resident; only before the first frame.
  public mutating func touch() {
    pool.touch()
    parcels.touch()
  }

  /// Parcels that wait.
  public func count(of connection: Int) -> Int { parcels.count(of: connection) }

  public func isEmpty(_ connection: Int) -> Bool { parcels.count(of: connection) == 0 }

  /// Slots that it takes to queue `length` more bytes.
  func slotsNeeded(for length: Int, to connection: Int) -> Int {
    let room = tailRoom(of: connection)
    return length <= room ? 0 : (length - room - 1) / pool.slotSize + 1
  }

  /// Bytes free behind the last parcel, if nobody else can see them.
  private func tailRoom(of connection: Int) -> Int {
    let count = parcels.count(of: connection)
    guard count > 0, pool.isExclusive(parcels[connection, count - 1].slot) else { return 0 }
    return pool.slotSize - parcels[connection, count - 1].range.upperBound
  }

  /// Queues `bytes`, for which there must be room.
  ///
  /// - Parameter continuing: whether they belong to the same frame as the bytes queued last.
  mutating func append(_ bytes: RawSpan, to connection: Int, continuing: Bool) {
    var offset = appendToTail(bytes, connection)
    while offset < bytes.byteCount {
      guard let slot = pool.take() else { preconditionFailure("room was not asked for") }
      let length = min(pool.slotSize, bytes.byteCount - offset)
      pool.write(bytes.extracting(offset..<(offset + length)), to: slot, at: 0)
      let count = parcels.count(of: connection)
      if count > 0, continuing || offset > 0 { parcels[connection, count - 1].continues = true }
      guard let refused = parcels.push(Parcel(slot, 0..<length), to: connection) else {
        offset += length
        continue
      }
      pool.giveBack(refused.unwrap())
      preconditionFailure("room was not asked for")
    }
  }

  /// Returns how many bytes found room behind the last parcel.
  private mutating func appendToTail(_ bytes: RawSpan, _ connection: Int) -> Int {
    let length = min(bytes.byteCount, tailRoom(of: connection))
    guard length > 0 else { return 0 }
    let last = parcels.count(of: connection) - 1
    let range = parcels[connection, last].range
    parcels.write(
      bytes.extracting(0..<length), ring: connection, place: last, at: range.upperBound, &pool)
    parcels[connection, last].range = range.lowerBound..<(range.upperBound + length)
    return length
  }

  /// Queues what was put together in `draft`, for which there must be room.
  mutating func append(_ draft: borrowing ByteWriter, to connection: Int, continuing: Bool) {
    append(draft.bytes, to: connection, continuing: continuing)
  }

  /// What waits for `connection`, in order, as far as one system call takes it.
  @_lifetime(borrow self)
  public func gather(_ connection: Int) -> GatherList {
    var list = GatherList(over: pool)
    for place in 0..<min(parcels.count(of: connection), GatherList.capacity) {
      list.append(parcels[connection, place].slot, parcels[connection, place].range)
    }
    return list
  }

  /// Lets go of the first `length` bytes, which were sent.
  public mutating func sent(_ length: Int, from connection: Int) {
    var left = length
    while left > 0 {
      let range = parcels[connection, 0].range
      if left < range.count {
        parcels[connection, 0].range = (range.lowerBound + left)..<range.upperBound
        isMidFrame[connection] = true
        return
      }
      left -= range.count
      guard let parcel = parcels.popFirst(of: connection) else { return }
      isMidFrame[connection] = parcel.continues
      pool.giveBack(parcel.unwrap())
    }
  }

  /// Drops what was not begun to be sent: the receiver sees whole frames only.
  mutating func dropUnsent(_ connection: Int) {
    var kept = 0
    let count = parcels.count(of: connection)
    if isMidFrame[connection] {
      repeat { kept += 1 } while kept < count && parcels[connection, kept - 1].continues
    }
    for _ in min(kept, count)..<count {
      guard let parcel = parcels.popLast(of: connection) else { return }
      pool.giveBack(parcel.unwrap())
    }
  }

  /// Drops everything: the connection is gone.
  mutating func clear(_ connection: Int) {
    while let parcel = parcels.popFirst(of: connection) { pool.giveBack(parcel.unwrap()) }
    isMidFrame[connection] = false
  }
}

extension RingTable<Parcel> {
  fileprivate borrowing func write(
    _ bytes: RawSpan, ring: Int, place: Int, at offset: Int, _ pool: inout SlotPool
  ) {
    pool.write(bytes, to: self[ring, place].slot, at: offset)
  }
}
