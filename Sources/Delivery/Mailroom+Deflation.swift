#if Deflate
import Memory
import WebSocket

/// What is sent compressed.
extension Mailroom {
  /// Compresses a message; `queueCompressed` queues it. False when it does not get smaller.
  @inline(never)
  mutating func compress(_ payload: RawSpan, for connection: Int) -> Bool {
    mayReceive(connection) && deflation.deflaters.compress(payload, for: connection)
  }

  /// The same of the draft.
  @inline(never)
  mutating func compressDraft(for connection: Int) -> Bool {
    mayReceive(connection) && Mailroom.compress(draft, for: connection, &deflation)
  }

  private static func compress(
    _ draft: borrowing ByteWriter, for connection: Int, _ deflation: inout Deflation
  ) -> Bool { deflation.deflaters.compress(draft.bytes, for: connection) }

  /// Queues what was compressed last. When there is no room the receiver is noted in `missed`
  /// instead.
  @inline(never)
  mutating func queueCompressed(_ opcode: Opcode, to connection: Int) {
    if hasRoom(for: compressedSize, to: connection) {
      Mailroom.append(opcode, deflation.deflaters.compressed, to: connection, &outboxes)
      queued(connection)
    } else {
      missed.insert(connection)
    }
  }

  private var compressedSize: Int {
    mutating get { ServerFrameHeader.maximumSize + deflation.deflaters.compressed.count }
  }

  private static func append(
    _ opcode: Opcode, _ compressed: borrowing ByteWriter, to connection: Int,
    _ outboxes: inout Outboxes
  ) {
    let header = ServerFrameHeader(opcode, payloadSize: compressed.count, isCompressed: true)
    outboxes.append(header.bytes, compressed.bytes, to: connection)
  }

  /// Queues the message to many that `shareDraft` has kept. False, with nothing queued, when it
  /// does not get smaller, or there is no room: there may be for the frame that all others share.
  @inline(never)
  mutating func sendSharedCompressed(to connection: Int) -> Bool {
    if deflation.deflaters.sender(of: connection) == .own {
      guard deflation.compressMessage(for: connection) else { return false }
      guard hasRoom(for: compressedSize, to: connection) else {
        deflation.deflaters.forget(connection)
        return false
      }
      Mailroom.append(.text, deflation.deflaters.compressed, to: connection, &outboxes)
    } else if !deflation.share(
      to: connection, places: places, mayHoldMore: mayHoldMore(connection), &outboxes)
    {
      return false
    }
    queued(connection)
    return true
  }
}
#else
import Memory
import WebSocket

/// Stands where the trait is left out of the build: nothing is ever compressed.
public struct Deflation: ~Copyable {
  init(_ limits: DeflateLimits, connections: Int, messageSize: Int) {}
  func compresses(_ connection: Int) -> Bool { false }
  func keep(_ draft: borrowing ByteWriter) {}
  func endSharing(_ outboxes: inout Outboxes) {}
  func close(_ connection: Int) {}
  func touch() {}
  public var memorySize: Int { 0 }
  public var memoryUsed: Int { 0 }
  public var memoryPeak: Int { 0 }
}

extension Mailroom {
  func compress(_ payload: RawSpan, for connection: Int) -> Bool { false }
  func compressDraft(for connection: Int) -> Bool { false }
  func queueCompressed(_ opcode: Opcode, to connection: Int) {}
  func sendSharedCompressed(to connection: Int) -> Bool { false }
}
#endif
