#if TLS
import CTLS
import CUV
import Memory

/// The TLS sessions of an event loop, each with the place of its connection.
///
/// Their buffers are taken here, at start, and serve one connection after the other.
@safe struct SecureSessions: ~Copyable {
  enum Phase {
    case free, shaking, open
    /// Closed by those above, with something encrypted that waits until the socket takes it.
    case parting
  }

  /// What is known of one session.
  struct State: Zeroable {
    var place: UInt32 = 0
    var phase = Phase.free
    /// What its handshake waits for: bits of CUV.
    var needs: UInt8 = 0
    /// Whether its handshake has taken one of the few at once.
    var hasBegun = false
    /// When its handshake last went on, or it was closed.
    var since: UInt64 = 0
    /// Whether the peer has said that it sends no more.
    var hasEnded = false
  }

  private static var none: UInt32 { .max }

  private let tls: OpaquePointer
  private let memory: UnsafeMutableRawPointer
  let limits: SecureLimits
  var identity: SecureIdentity?
  /// By place: the session, or `none`.
  private var sessions: FixedArray<UInt32>
  var states: FixedArray<State>
  /// Sessions that are free, the last one first.
  private var free: FixedArray<UInt32>
  private(set) var freeCount: Int
  var figures = SessionFigures()

  // Sets of sessions.
  /// Those that have not said a word, the one that came first first.
  var silent: IndexSet
  /// Handshakes that may go on.
  var queue: IndexSet
  /// Those that wait for another to end.
  var waiting: IndexSet
  /// Those that have begun, the one that has not gone on for the longest first.
  var begun: IndexSet
  /// Open ones with something decrypted that is to be read.
  var pending: IndexSet
  /// Those in that phase, the one that was closed first first.
  var parting: IndexSet
  /// Handshakes that may work in this turn.
  var budget = 0
  /// Of those pending: how many this turn has not reported yet.
  var unreported = 0

  /// There is no TLS.
  init() {
    unsafe tls = OpaquePointer(UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 16))
    unsafe memory = .allocate(byteCount: 16, alignment: 16)
    limits = SecureLimits(
      connections: 0, handshakes: 0, handshakesPerTurn: 0, ticketLifetime: 0, writeWait: 0)
    sessions = FixedArray(zeroed: 0)
    states = FixedArray(zeroed: 0)
    free = FixedArray(zeroed: 0)
    freeCount = 0
    silent = IndexSet(capacity: 1)
    queue = IndexSet(capacity: 1)
    waiting = IndexSet(capacity: 1)
    begun = IndexSet(capacity: 1)
    pending = IndexSet(capacity: 1)
    parting = IndexSet(capacity: 1)
  }

  /// - Parameter places: connections of any kind.
  init(
    _ limits: SecureLimits, places: Int, identity: consuming SecureIdentity
  ) throws(HostError) {
    let count = limits.connections
    precondition(count > 0 && count <= places)
    unsafe tls = OpaquePointer(
      UnsafeMutableRawPointer.allocate(byteCount: ctls_size(), alignment: 16))
    unsafe memory = SecureMemory.take(count * SecureSessions.stride)
    self.limits = limits
    figures.expiry = identity.ends
    self.identity = consume identity
    sessions = FixedArray(repeating: SecureSessions.none, count: places)
    states = FixedArray(zeroed: count)
    free = FixedArray(count: count) { UInt32(count - 1 - $0) }
    freeCount = count
    silent = IndexSet(capacity: count)
    queue = IndexSet(capacity: count)
    waiting = IndexSet(capacity: count)
    begun = IndexSet(capacity: count)
    pending = IndexSet(capacity: count)
    parting = IndexSet(capacity: count)
    let status = unsafe ctls_init(tls, limits.ticketLifetime)
    guard Int(status) != Int(CTLS_NO_MEMORY) else { throw SecureSessions.noMemory }
    try HostError.check("start TLS", status, from: .mbedTLS)
    SecureMemory.usePool(sessions: count, handshakes: limits.handshakes)
    for session in 0..<count where unsafe ctls_session_init(tls, pointer(session)) != 0 {
      throw SecureSessions.noMemory
    }
  }

  // They live as long as the process: nothing is given back.

  /// ENOMEM on Linux.
  private static var noMemory: HostError { HostError("take the memory of TLS sessions", -12) }
  private static var stride: Int { (ctls_session_size() + 15) & ~15 }

  /// Bytes for each session, mbedTLS's own included.
  static var bytesPerSession: Int {
    stride + ctls_session_extent() + MemoryLayout<State>.stride + MemoryLayout<UInt32>.stride
      + 6 * IndexSet.bytesPerIndex
  }

  /// Bytes for each handshake while it lasts.
  static var bytesPerHandshake: Int { ctls_handshake_extent() }

  func pointer(_ session: Int) -> OpaquePointer {
    unsafe OpaquePointer(memory + session * SecureSessions.stride)
  }

  /// Makes the memory of all sessions resident; only before the first connection.
  mutating func touch() {
    for session in 0..<limits.connections { _ = unsafe ctls_session_end(pointer(session)) }
  }

  mutating func renew(_ identity: consuming SecureIdentity) {
    figures.expiry = identity.ends
    self.identity = consume identity
    // Who was let in by the old authorities has to show its certificate again.
    _ = unsafe ctls_forget_tickets(tls)
  }

  /// Whether the clock is right: else the days of a client's certificate do not count.
  mutating func setClock(isKnown: Bool) { unsafe ctls_set_clock(tls, isKnown ? 1 : 0) }

  var resumed: UInt64 { limits.connections > 0 ? unsafe ctls_resumed(tls) : 0 }

  // MARK: Connections

  func session(of place: Int) -> Int? {
    guard place < sessions.count, sessions[place] != SecureSessions.none else { return nil }
    return Int(sessions[place])
  }

  /// Whether its handshake is over.
  func isOpen(_ session: Int) -> Bool { states[session].phase == .open }

  /// Whether it is closed for those above, and stays for what it has to send.
  func isParting(_ session: Int) -> Bool { states[session].phase == .parting }

  /// A connection was accepted; false when no session is left for it.
  mutating func begin(_ place: Int, _ descriptor: Int32, at now: UInt64) -> Bool {
    guard freeCount > 0 else { return false }
    let session = Int(free[freeCount - 1])
    let status =
      switch identity {
      case .some(let own): unsafe ctls_session_begin(pointer(session), own.pointer, descriptor)
      case .none: Int32(CTLS_NO_MEMORY)
      }
    guard status == 0 else {
      _ = unsafe ctls_session_end(pointer(session))
      return false
    }
    freeCount -= 1
    sessions[place] = UInt32(session)
    states[session] = State(
      place: UInt32(place), phase: .shaking, needs: UInt8(CUV_READABLE), since: now)
    silent.insert(session)
    return true
  }

  /// The connection is closed: what can go at once still goes.
  mutating func end(_ place: Int, at now: UInt64) {
    guard let session = session(of: place) else { return }
    switch states[session].phase {
    case .open, .parting:
      figures.connections -= 1
      _ = unsafe ctls_session_finish(pointer(session))
    // Who is closed at once was refused, and had no time to stand still.
    case .shaking where states[session].since < now:
      figures.failures[Int(HandshakeFailure.stalled.rawValue)] += 1
    case .shaking, .free: break
    }
    _ = unsafe ctls_session_end(pointer(session))
    silent.remove(session)
    queue.remove(session)
    waiting.remove(session)
    pending.remove(session)
    parting.remove(session)
    leaveHandshakes(session)
    states[session] = State()
    sessions[place] = SecureSessions.none
    free[freeCount] = UInt32(session)
    freeCount += 1
  }

  /// What the loop has to watch for, when this is what is wished for.
  func interests(_ session: Int, _ wish: UInt8) -> UInt8 {
    switch states[session].phase {
    case .free: return 0
    case .shaking: return states[session].needs
    case .parting: return UInt8(CUV_WRITABLE)
    case .open:
      let hasUnsent = unsafe ctls_session_has_unsent(pointer(session)) != 0
      return hasUnsent ? wish | UInt8(CUV_WRITABLE) : wish
    }
  }
}
#endif
