import Memory
import WebSocket

/// To many: a frame is written once, and each receiver holds a share of it.
extension Mailroom {
  /// Makes one text frame of what was put together in `draft`, once for all, and empties the draft:
  /// `sendShared` then queues it for each receiver.
  ///
  /// - Returns: whether there was room for the frame; without, all that it is sent to miss it.
  @discardableResult
  public mutating func shareDraft() -> Bool {
    defer { draft.removeAll() }
    deflation.keep(draft)
    guard !draft.overflowed else {
      endSharing()
      return false
    }
    return Mailroom.write(draft, to: &shared, &outboxes)
  }

  private static func write(
    _ draft: borrowing ByteWriter, to shared: inout SharedFrames, _ outboxes: inout Outboxes
  ) -> Bool {
    shared.write(ServerFrameHeader(.text, payloadSize: draft.count), draft.bytes, &outboxes)
  }

  /// Queues the frame that `shareDraft` made. When there is no room, or was none for the frame, the
  /// receiver is noted in `missed`. Returns whether there was.
  @discardableResult
  public mutating func sendShared(to connection: Int) -> Bool {
    guard mayReceive(connection) else { return false }
    spillCork(of: connection)
    if deflation.compresses(connection), sendSharedCompressed(to: connection) { return true }
    if !shared.isEmpty,
      shared.share(
        to: connection, places: places, mayHoldMore: mayHoldMore(connection), &outboxes)
    {
      queued(connection)
      return true
    }
    missed.insert(connection)
    return false
  }

  /// Lets go of the slots that frames for many share: they are the receivers' alone. At the end of
  /// each turn.
  public mutating func endSharing() {
    shared.end(&outboxes)
    deflation.endSharing(&outboxes)
  }
}
