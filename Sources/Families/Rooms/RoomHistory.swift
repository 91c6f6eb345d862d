import Memory

/// The last messages of every room, as they were sent, in slots that all rooms share.
///
/// What a room holds are always its newest messages, one behind the other: when the slots are used
/// up its own oldest go first, and a message that finds no place even then leaves it empty. So a
/// count is enough to know the ids, and no gap is ever hidden.
struct RoomHistory: ~Copyable {
  /// Bytes of a slot.
  static var slotSize: Int { 256 }

  private(set) var pool: SlotPool
  private var texts: RingTable<SlotChain>
  /// Messages of each room, 0 for none.
  let limit: Int

  /// - Parameters:
  ///   - limit: messages of each room, up to 65,535.
  ///   - size: bytes for the messages of all rooms.
  init(rooms: Int, limit: Int, size: Int) {
    self.limit = limit
    let slots = limit == 0 ? 1 : max(1, size / RoomHistory.slotSize)
    pool = SlotPool(capacity: slots, slotSize: RoomHistory.slotSize)
    texts = RingTable(
      rings: limit == 0 ? 1 : rooms, capacity: max(1, limit), layout: .ringByRing)
  }

  /// Bytes for each room, the messages aside.
  static func bytesPerRoom(limit: Int) -> Int {
    limit == 0 ? 0 : limit * MemoryLayout<SlotChain>.stride + RingTable<SlotChain>.overhead
  }

  /// Bytes for the messages of all rooms.
  static func bytesOfTexts(limit: Int, size: Int) -> Int {
    limit == 0 ? 0 : max(1, size / slotSize) * (slotSize + SlotPool.overhead)
  }

  mutating func touch() {
    pool.touch()
    texts.touch()
  }

  /// Messages held of a room.
  func count(of room: Int) -> Int { limit == 0 ? 0 : texts.count(of: room) }

  /// Bytes of the message that is `place` behind the oldest.
  func size(of room: Int, _ place: Int) -> Int { Int(texts[room, place].count) }

  /// Appends the message that is `place` behind the oldest.
  func append(_ room: Int, _ place: Int, to draft: inout ByteWriter) {
    draft.append(texts[room, place], in: pool)
  }

  /// Keeps the newest message of a room.
  mutating func keep(_ text: RawSpan, of room: Int) {
    guard limit > 0 else { return }
    if texts.count(of: room) == limit { dropOldest(of: room) }
    var chain = SlotChain()
    while !pool.append(text, to: &chain) {
      guard dropOldest(of: room) else {
        pool.giveBack(&chain)
        return
      }
    }
    if var refused = texts.push(chain, to: room) { pool.giveBack(&refused) }
  }

  @discardableResult
  private mutating func dropOldest(of room: Int) -> Bool {
    guard var oldest = texts.popFirst(of: room) else { return false }
    pool.giveBack(&oldest)
    return true
  }

  /// Drops all that is held of a room.
  mutating func clear(_ room: Int) {
    guard limit > 0 else { return }
    while dropOldest(of: room) {}
  }
}
