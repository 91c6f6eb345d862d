import Memory
import WebSocket

/// Where a connection stands between its first byte and its last.
enum Phase: UInt8 {
  /// Nobody is in this place.
  case vacant
  /// A request head is awaited, the first or a further one.
  case head
  /// WebSocket messages go both ways.
  case open
  /// We sent a close frame and await the peer's (RFC 6455, section 7.1.2).
  case closing
  /// All is said: what is queued is sent, then the sending direction ends, and what still comes is
  /// thrown away until the peer ends, too (RFC 6455, section 7.1.1; RFC 9112, section 9.6).
  case lingering
  /// The network has given it up: it is dropped before the turn ends.
  case lost
}

/// One peer, from its first byte to its last. Idle, it holds no slot of any pool.
///
/// The widest fields come first, so that there are no gaps: each place has one of these.
struct Connection: ~Copyable {
  // Milliseconds of the monotonic clock; 0 means "not".

  /// When the phase began; for a head, when its first byte could come.
  var since: UInt64 = 0
  var lastReceived: UInt64 = 0
  var nextPing: UInt64 = 0
  /// When the oldest ping without an answer was sent.
  var pingSent: UInt64 = 0
  /// Since when the outbox makes no progress.
  var blockedSince: UInt64 = 0
  /// Since when the message begun is not whole.
  var tornSince: UInt64 = 0
  /// When the token runs out.
  var expires: UInt64 = 0

  /// The fingerprint of the key that signed the token; 0 when there was none.
  var key: UInt64 = 0
  /// Milliseconds since 1970 UTC: with the family and the user it names the connection.
  var stamp: UInt64 = 0

  /// An answer that is told piece by piece.
  var report = Report()
  var assembler = MessageAssembler()
  /// Bytes that have come and were not consumed: a torn head, or all that waits while stalled.
  var backlog = SlotChain()

  var phase = Phase.vacant
  var family = FamilyKind.none
  /// Whether it is counted among those who hold slots of the read pool.
  var isHolder = false
  /// Whether what has come waits until the outbox or the write pool has room.
  var isStalled = false
  /// Whether the sending direction has ended.
  var isFinished = false
  /// Whether the peer sends no more.
  var hasEnded = false
  /// Whether the client may do what it asks for, and its request's body is awaited.
  var isAdmitted = false
  /// Whether a client that waits for it was told to send the body.
  var isContinued = false
}
