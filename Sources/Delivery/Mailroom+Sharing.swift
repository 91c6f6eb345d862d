import Memory
import WebSocket

/// To many: a frame is written once, and each receiver holds a share of it.
extension Mailroom {
  /// Makes one text frame of what was put together in `draft`, once for all, and empties the draft:
  /// `sendShared` then queues it for each receiver.
  ///
  /// - Returns: whether there was room for the frame; without, whoever it is sent to is `overfull`.
  @discardableResult
  public mutating func shareDraft() -> Bool {
    let header = ServerFrameHeader(.text, payloadSize: draft.count)
    let length = header.size + draft.count
    let slotSize = outboxes.pool.slotSize
    defer { draft.removeAll() }
    if sharedSlots == 1, sharedRange.upperBound + length <= slotSize, !draft.overflowed {
      sharedRange = sharedRange.upperBound..<(sharedRange.upperBound + length)
      Mailroom.write(header, draft, at: sharedRange.lowerBound, shared, &outboxes)
      return true
    }
    endSharing()
    guard !draft.overflowed else { return false }
    let slots = outboxes.slots(for: length)
    guard slots <= outboxes.pool.available else { return false }
    sharedRange = 0..<(length - (slots - 1) * slotSize)
    shared = Mailroom.write(header, draft, &outboxes)
    sharedSlots = slots
    return true
  }

  private static func write(
    _ header: ServerFrameHeader, _ draft: borrowing ByteWriter, _ outboxes: inout Outboxes
  ) -> Slot {
    outboxes.write(header.bytes, draft.bytes).unwrap()
  }

  private static func write(
    _ header: ServerFrameHeader, _ draft: borrowing ByteWriter, at offset: Int,
    _ shared: borrowing Slot?, _ outboxes: inout Outboxes
  ) {
    switch shared {
    case .some(let slot):
      outboxes.pool.write(header.bytes, to: slot, at: offset)
      outboxes.pool.write(draft.bytes, to: slot, at: offset + header.size)
    case .none: break
    }
  }

  /// Queues the frame that `shareDraft` made. When there is no room, or was none for the frame, the
  /// receiver becomes `overfull` instead. Returns whether there was.
  @discardableResult
  public mutating func sendShared(to connection: Int) -> Bool {
    guard mayReceive(connection) else { return false }
    spillCork(of: connection)
    guard sharedSlots > 0 else {
      overfull.insert(connection)
      return false
    }
    if Mailroom.share(
      shared, sharedRange, slots: sharedSlots, to: connection, places: places,
      mayHoldMore: mayHoldMore(connection), &outboxes)
    {
      queued(connection)
      return true
    }
    overfull.insert(connection)
    return false
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

  /// Lets go of the slot that frames for many share: it is the receivers' alone. At the end of each
  /// turn.
  public mutating func endSharing() {
    if let slot = shared.take() { outboxes.pool.giveBack(slot) }
    sharedRange = 0..<0
    sharedSlots = 0
  }
}
