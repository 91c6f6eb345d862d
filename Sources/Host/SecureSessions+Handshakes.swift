#if TLS
import CTLS
import CUV
import Memory

/// Handshakes, a few in a turn: who is in has to be served beside them.
extension SecureSessions {
  /// Milliseconds that a handshake may stand still while others wait for its place: not for long
  /// when many do, so that those who only hold places hold up nobody.
  private var patience: UInt64 {
    waiting.count > limits.handshakes ? 100 : SecureSessions.fullPatience
  }

  private static var fullPatience: UInt64 { 1000 }

  /// Before a connection is accepted: when no session is free, whoever has said nothing since it
  /// came makes room. Returns its place.
  mutating func makeRoom(at now: UInt64) -> Int? {
    guard freeCount == 0, let oldest = silent.firstMember,
      states[oldest].since + SecureSessions.fullPatience <= now
    else { return nil }
    return fail(oldest, .stalled).place
  }

  mutating func beginTurn() {
    admit()
    budget = limits.handshakesPerTurn
    unreported = pending.count
  }

  /// When the loop has something to do without any event; `.max` when it has not.
  var wakeUp: UInt64 {
    if !queue.isEmpty || !pending.isEmpty { return 0 }
    let end = parting.firstMember.map { states[$0].since + limits.writeWait } ?? .max
    guard !waiting.isEmpty else { return end }
    guard begun.count >= limits.handshakes, let oldest = begun.firstMember else { return 0 }
    return min(end, states[oldest].since + patience)
  }

  /// The socket of a handshake is ready.
  mutating func mayGoOn(_ session: Int) {
    silent.remove(session)
    if states[session].phase == .shaking, !waiting.contains(session) { queue.insert(session) }
  }

  /// The socket is of no use any longer.
  mutating func failed(_ session: Int) {
    if states[session].phase == .shaking { _ = fail(session, .left) }
  }

  /// Lets one handshake go on. Returns its place and whether it failed; nil when the turn has done
  /// its share.
  mutating func shakeNext(at now: UInt64) -> (place: Int, hasFailed: Bool)? {
    if begun.count >= limits.handshakes, !waiting.isEmpty, let oldest = begun.firstMember,
      states[oldest].since + patience <= now, !queue.contains(oldest)
    {
      return fail(oldest, .stalled)
    }
    guard budget > 0, let session = queue.popFirst() else { return nil }
    let place = Int(states[session].place)
    guard states[session].hasBegun || begun.count < limits.handshakes else {
      waiting.insert(session)
      states[session].needs = 0
      return (place, false)
    }
    let status = unsafe ctls_session_shake(pointer(session))
    guard status >= 0 else {
      // What made it fail may have been work as well.
      budget -= 1
      return fail(session, SecureSessions.failure(status))
    }
    if status & Int32(CTLS_HAS_WORKED) != 0 {
      budget -= 1
      states[session].since = now
      begun.remove(session)
    }
    switch Int(status & 3) {
    case Int(CTLS_DONE):
      figures.handshakes += 1
      figures.connections += 1
      states[session].phase = .open
      leaveHandshakes(session)
    case Int(CTLS_READS): states[session].needs = UInt8(CUV_READABLE)
    default: states[session].needs = UInt8(CUV_WRITABLE)
    }
    if states[session].phase == .shaking, status & Int32(CTLS_HAS_BEGUN) != 0 {
      states[session].hasBegun = true
      begun.insert(session)
    }
    return (place, false)
  }

  /// One of the few places is free again.
  mutating func leaveHandshakes(_ session: Int) {
    begun.remove(session)
    states[session].hasBegun = false
    admit()
  }

  /// Lets those go on that waited, the longest waiting first.
  private mutating func admit() {
    while begun.count + queue.count < limits.handshakes, let next = waiting.popFirst() {
      states[next].needs = UInt8(CUV_READABLE)
      queue.insert(next)
    }
  }

  private mutating func fail(
    _ session: Int, _ failure: HandshakeFailure
  ) -> (place: Int, hasFailed: Bool) {
    figures.failures[Int(failure.rawValue)] += 1
    states[session].phase = .free
    silent.remove(session)
    queue.remove(session)
    leaveHandshakes(session)
    return (Int(states[session].place), true)
  }

  private static func failure(_ status: Int32) -> HandshakeFailure {
    switch Int(status) {
    case Int(CTLS_PEER_LEFT): .left
    case Int(CTLS_NOT_TLS): .notTLS
    case Int(CTLS_NOTHING_SHARED): .nothingShared
    case Int(CTLS_PEER_REFUSED): .refused
    case Int(CTLS_PEER_UNKNOWN): .clientCertificate
    default: .other
    }
  }
}
#endif
