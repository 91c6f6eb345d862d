#if TLS
import CTLS
import CUV
import Memory

/// Bytes of sessions whose handshake is over.
extension SecureSessions {
  func receive(_ session: Int, into target: inout MutableRawSpan) -> TransferResult {
    guard states[session].phase == .open else { return .wouldBlock }
    let result = unsafe target.withUnsafeMutableBytes {
      unsafe ctls_session_receive(pointer(session), $0.baseAddress!, $0.count)
    }
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
