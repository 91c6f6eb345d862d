public import Memory
public import WebSocket

/// Takes what is to be sent: a frame goes into its receiver's outbox, and the receiver into the set
/// of those that are flushed at the end of the turn.
///
/// Everything is bounded, and full is an answer: a frame that finds no place is not queued, and its
/// receiver becomes `overfull`, to be closed with 1013.
public struct Mailroom: ~Copyable {
  /// Places of every outbox that only control frames may use.
  public static let controlPlaces = 2

  public var outboxes: Outboxes
  /// Connections that got something since they were last flushed.
  public var dirty: IndexSet
  /// Connections that missed a frame for want of room.
  public var overfull: IndexSet
  /// Connections that missed a frame because the server could not put it together: its own fault.
  public var faulty: IndexSet
  /// Where a message is put together before it is queued.
  public var draft: ByteWriter
  /// Parcels that may wait for one connection, control frames aside.
  public let places: Int

  /// - Parameters:
  ///   - connections: are numbered from 0 to this, less one.
  ///   - places: parcels that may wait for one connection, at least 1.
  ///   - slots: of the write pool, at least 2.
  ///   - slotSize: bytes, 256 to `Parcel.slotMaximum`.
  ///   - draftSize: bytes of the longest message that is put together in `draft`.
  public init(connections: Int, places: Int, slots: Int, slotSize: Int, draftSize: Int) {
    precondition(slotSize >= 256 && slotSize <= Parcel.slotMaximum)
    precondition(places > 0 && places + Mailroom.controlPlaces <= Int(UInt16.max))
    outboxes = Outboxes(
      connections: connections, places: places + Mailroom.controlPlaces, slots: slots,
      slotSize: slotSize)
    dirty = IndexSet(capacity: connections)
    overfull = IndexSet(capacity: connections)
    faulty = IndexSet(capacity: connections)
    draft = ByteWriter(capacity: draftSize)
    self.places = places
  }

  /// Whether `length` bytes, frame heads included, find room for `connection` now.
  ///
  /// Who missed a frame gets none any more: it must not see a later one without it.
  public func hasRoom(for length: Int, to connection: Int) -> Bool {
    !overfull.contains(connection) && !faulty.contains(connection)
      && hasRoom(for: length, to: connection, places: places)
  }

  private func hasRoom(for length: Int, to connection: Int, places: Int) -> Bool {
    let needed = outboxes.slotsNeeded(for: length, to: connection)
    return needed <= places - outboxes.count(of: connection) && needed <= outboxes.pool.available
  }

  /// Queues one message. When there is no room the receiver becomes `overfull` instead.
  public mutating func send(_ opcode: Opcode, _ payload: RawSpan, to connection: Int) {
    let header = ServerFrameHeader(opcode, payloadSize: payload.byteCount)
    if hasRoom(for: header.size + payload.byteCount, to: connection) {
      queue(header, payload, to: connection)
    } else {
      overfull.insert(connection)
    }
  }

  /// Queues a control frame, of at most 125 bytes, in the places that only those may use. Returns
  /// false, with nothing queued, when not even there is room.
  @discardableResult
  public mutating func sendControl(
    _ opcode: Opcode, _ payload: RawSpan, to connection: Int
  ) -> Bool {
    precondition(opcode.isControl && payload.byteCount <= 125)
    let header = ServerFrameHeader(opcode, payloadSize: payload.byteCount)
    let length = header.size + payload.byteCount
    guard hasRoom(for: length, to: connection, places: places + Mailroom.controlPlaces) else {
      return false
    }
    queue(header, payload, to: connection)
    return true
  }

  private mutating func queue(
    _ header: ServerFrameHeader, _ payload: RawSpan, to connection: Int
  ) {
    outboxes.append(header.bytes, to: connection, continuing: false)
    outboxes.append(payload, to: connection, continuing: true)
    dirty.insert(connection)
  }

  /// Queues what was put together in `draft` as one text frame, and empties the draft. When there
  /// is no room the receiver becomes `overfull` instead; when the draft was too small, `faulty`.
  public mutating func sendDraft(to connection: Int) {
    let header = ServerFrameHeader(.text, payloadSize: draft.count)
    if draft.overflowed {
      faulty.insert(connection)
    } else if hasRoom(for: header.size + draft.count, to: connection) {
      outboxes.append(header.bytes, to: connection, continuing: false)
      outboxes.append(draft, to: connection, continuing: true)
      dirty.insert(connection)
    } else {
      overfull.insert(connection)
    }
    draft.removeAll()
  }

  /// Queues what was put together in `draft` as it is, an HTTP response, and empties the draft.
  /// Returns false, with nothing queued, when there is no room.
  public mutating func sendRawDraft(to connection: Int) -> Bool {
    let fits = hasRoom(for: draft.count, to: connection) && !draft.overflowed
    if fits {
      outboxes.append(draft, to: connection, continuing: false)
      dirty.insert(connection)
    }
    draft.removeAll()
    return fits
  }

  /// Queues a close frame, if there is room even for that. With `dropping`, what was not begun to
  /// be sent is dropped first: the receiver is too slow to get it.
  /// Returns whether there was.
  @discardableResult
  public mutating func sendClose(
    _ code: CloseCode, to connection: Int, dropping: Bool
  ) -> Bool {
    if dropping { outboxes.dropUnsent(connection) }
    var payload = InlineArray<2, UInt8>(repeating: UInt8(code.rawValue >> 8))
    payload[1] = UInt8(code.rawValue & 0xFF)
    return sendControl(.close, payload.span.raw, to: connection)
  }

  /// Makes all memory resident; only before the first frame.
  public mutating func touch() {
    outboxes.touch()
    draft.touch()
  }

  /// Forgets a connection that is gone.
  public mutating func remove(_ connection: Int) {
    outboxes.clear(connection)
    dirty.remove(connection)
    overfull.remove(connection)
    faulty.remove(connection)
  }
}
