import Memory
import WebSocket

/// The answers to what one connection has sent, gathered while its bytes are read, so that they go
/// in one write from where they stand and touch no outbox. Named after TCP_CORK (tcp(7)).
struct Cork: ~Copyable {
  private static var nobody: Int { -1 }

  private var frames: ByteWriter
  private var connection = Cork.nobody

  /// - Parameter capacity: bytes.
  init(capacity: Int) { frames = ByteWriter(capacity: capacity) }

  mutating func touch() { frames.touch() }

  var isEmpty: Bool { frames.count == 0 }
  var count: Int { frames.count }

  /// Whether it gathers for `connection`.
  func isOf(_ connection: Int) -> Bool { self.connection == connection }

  /// Bytes, frame heads included, that still find room.
  var room: Int { frames.capacity &- frames.count }

  /// Gathers for `connection` from now on; it must gather for nobody else.
  mutating func begin(_ connection: Int) {
    precondition(self.connection == Cork.nobody && isEmpty)
    self.connection = connection
  }

  /// Takes a frame. Returns false, with nothing taken, when it gathers for somebody else, or has
  /// too little room.
  mutating func append(_ opcode: Opcode, _ payload: RawSpan, to connection: Int) -> Bool {
    guard isOf(connection), payload.byteCount <= room - ServerFrameHeader.maximumSize else {
      return false
    }
    frames.append(opcode, payload)
    return true
  }

  /// Whole frames, in order.
  var bytes: RawSpan {
    @_lifetime(borrow self) get { frames.bytes }
  }

  /// Where the frame ends of which the byte before `offset` is one; 0 at the beginning.
  func endOfFrame(at offset: Int) -> Int {
    let bytes = frames.bytes
    var end = 0
    while end < offset {
      let short = bytes[end + 1]
      switch short {
      case 126: end += 4 + Int(UInt16(bigEndian: bytes.load(at: end + 2, as: UInt16.self)))
      case 127: end += 10 + Int(UInt64(bigEndian: bytes.load(at: end + 2, as: UInt64.self)))
      default: end += 2 + Int(short)
      }
    }
    return end
  }

  /// Forgets what was gathered, and gathers for nobody.
  mutating func end() {
    frames.removeAll()
    connection = Cork.nobody
  }

  /// Gathers for nobody any longer if it does for `connection` and has gathered nothing.
  mutating func endEmpty(_ connection: Int) -> Bool {
    guard isOf(connection), isEmpty else { return false }
    self.connection = Cork.nobody
    return true
  }

  mutating func discard(of connection: Int) {
    if isOf(connection) { end() }
  }
}
