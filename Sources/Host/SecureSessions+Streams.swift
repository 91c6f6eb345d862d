#if TLS
import CTLS
import CUV
import Memory

/// Bytes of sessions whose handshake is over.
extension SecureSessions {
  mutating func receive(_ session: Int, into target: inout MutableRawSpan) -> TransferResult {
    guard states[session].phase == .open else { return .wouldBlock }
    let result = unsafe target.withUnsafeMutableBytes {
      unsafe ctls_session_receive(pointer(session), $0.baseAddress!, $0.count)
    }
    if result == 0 { states[session].hasEnded = true }
    return SecureSessions.transfer(result)
  }

  /// What goes later counts as sent, too: it is encrypted.
  func send(_ session: Int, _ list: borrowing GatherList) -> TransferResult {
    guard states[session].phase == .open else { return .wouldBlock }
    let result = unsafe list.withParts { parts, count in
      unsafe ctls_session_send(
        pointer(session), UnsafeRawPointer(parts).assumingMemoryBound(to: ctls_part.self),
        Int32(count))
    }
    return result == 0 ? .wouldBlock : SecureSessions.transfer(result)
  }

  func send(_ session: Int, _ bytes: RawSpan) -> TransferResult {
    guard states[session].phase == .open else { return .wouldBlock }
    let result = unsafe bytes.withUnsafeBytes {
      let start = unsafe UnsafeMutableRawPointer(mutating: $0.baseAddress)
      var part = unsafe ctls_part(start: start, length: $0.count)
      return unsafe ctls_session_send(pointer(session), &part, 1)
    }
    return result == 0 ? .wouldBlock : SecureSessions.transfer(result)
  }

  private static func transfer(_ result: Int64) -> TransferResult {
    if result > 0 { return .bytes(Int(result)) }
    if result == 0 { return .ended }
    return result == Int64(CTLS_AGAIN) ? .wouldBlock : .failed
  }

  func finish(_ session: Int) { _ = unsafe ctls_session_finish(pointer(session)) }

  /// The socket takes bytes again. Returns false when the connection is of no use any longer.
  func flush(_ session: Int) -> Bool {
    guard unsafe ctls_session_has_unsent(pointer(session)) != 0 else { return true }
    return unsafe ctls_session_flush(pointer(session)) != CTLS_FAILED
  }

  /// The connection is closed by those above: whether it has to stay for what was counted as sent.
  /// Without TLS the system would see to that. A peer that sends no more may still read.
  mutating func parts(_ session: Int, at now: UInt64) -> Bool {
    guard states[session].phase == .open, states[session].hasEnded else { return false }
    finish(session)
    guard unsafe ctls_session_has_unsent(pointer(session)) != 0, flush(session) else {
      return false
    }
    states[session].phase = .parting
    states[session].since = now
    pending.remove(session)
    parting.insert(session)
    return true
  }

  /// Whether all that a parting connection has stayed for is sent, or cannot be.
  func hasParted(_ session: Int) -> Bool {
    guard flush(session) else { return true }
    return unsafe ctls_session_has_unsent(pointer(session)) == 0
  }

  /// The place of a connection that has been parting for longer than a peer may take.
  func nextOverdue(at now: UInt64) -> Int? {
    guard let session = parting.firstMember, states[session].since + limits.writeWait <= now else {
      return nil
    }
    return Int(states[session].place)
  }

  /// Notes whether something is to be read that the system knows nothing of.
  mutating func note(_ session: Int, _ wish: UInt8) {
    let hasMore = unsafe ctls_session_has_more(pointer(session)) != 0
    let isWanted = states[session].phase == .open && wish & UInt8(CUV_READABLE) != 0
    if hasMore, isWanted { pending.insert(session) } else { pending.remove(session) }
  }

  /// The next place with something of the kind that this turn has not reported.
  mutating func nextPending() -> Int? {
    while unreported > 0 {
      unreported -= 1
      guard let session = pending.popFirst() else { return nil }
      // It stays ready until it is read.
      pending.insert(session)
      return Int(states[session].place)
    }
    return nil
  }
}
#endif
