import Memory
import WebSocket

/// Frames for many, one behind the other in one slot, and where the last one stands: whoever gets
/// several of them has one parcel of them.
struct SharedFrames: ~Copyable {
  private var slot: Slot?
  private var range = 0..<0
  /// Slots of the last frame; 0 when there is none.
  private var slots = 0

  init() { slot = nil }

  var isEmpty: Bool { slots == 0 }

  /// Writes one more frame; false, with none, when there is no room for it.
  mutating func write(
    _ header: ServerFrameHeader, _ body: RawSpan, _ outboxes: inout Outboxes
  ) -> Bool {
    let length = header.size + body.byteCount
    let slotSize = outboxes.pool.slotSize
    if slots == 1, range.upperBound + length <= slotSize {
      range = range.upperBound..<(range.upperBound + length)
      SharedFrames.write(header, body, at: range.lowerBound, slot, &outboxes)
      return true
    }
    end(&outboxes)
    let needed = outboxes.slots(for: length)
    guard needed <= outboxes.pool.available else { return false }
    range = 0..<(length - (needed - 1) * slotSize)
    slot = outboxes.write(header.bytes, body).unwrap()
    slots = needed
    return true
  }

  private static func write(
    _ header: ServerFrameHeader, _ body: RawSpan, at offset: Int, _ slot: borrowing Slot?,
    _ outboxes: inout Outboxes
  ) {
    switch slot {
    case .some(let slot):
      outboxes.pool.write(header.bytes, to: slot, at: offset)
      outboxes.pool.write(body, to: slot, at: offset + header.size)
    case .none: break
    }
  }

  /// Queues the last frame; false, with nothing queued, when there is no room.
  ///
  /// - Parameter mayHoldMore: whether the receiver may hold one more slot.
  mutating func share(
    to connection: Int, places: Int, mayHoldMore: Bool, _ outboxes: inout Outboxes
  ) -> Bool {
    SharedFrames.share(
      slot, range, slots: slots, to: connection, places: places, mayHoldMore: mayHoldMore,
      &outboxes)
  }

  private static func share(
    _ shared: borrowing Slot?, _ range: Range<Int>, slots: Int, to connection: Int, places: Int,
    mayHoldMore: Bool, _ outboxes: inout Outboxes
  ) -> Bool {
    switch shared {
    case .some(let slot):
      let goesOn = outboxes.continues(slot, range, for: connection)
      // Whose places run out gets a copy: small frames of many turns then share one of them.
      if !goesOn, slots == 1, 2 * outboxes.count(of: connection) >= places, mayHoldMore,
        4 * range.count <= outboxes.pool.slotSize
      {
        return outboxes.copy(slot, range, to: connection, places: places)
      }
      guard goesOn || outboxes.count(of: connection) < places && mayHoldMore else { return false }
      outboxes.share(slot, range, slots: slots, to: connection)
      return true
    case .none: return false
    }
  }

  /// Lets go of the slot: it is the receivers' alone.
  mutating func end(_ outboxes: inout Outboxes) {
    if let slot = slot.take() { outboxes.pool.giveBack(slot) }
    range = 0..<0
    slots = 0
  }
}
