#if !TLS
import Memory

/// Stands where the trait is left out of the build: there is never a session.
struct SecureSessions: ~Copyable {
  let figures = SessionFigures()
  let resumed: UInt64 = 0
  let wakeUp = UInt64.max

  func touch() {}
  func beginTurn() {}
  func setClock(isKnown: Bool) {}
  func session(of place: Int) -> Int? { nil }
  func isOpen(_ session: Int) -> Bool { false }
  func begin(_ place: Int, _ descriptor: Int32, at now: UInt64) -> Bool { false }
  func end(_ place: Int, at now: UInt64) {}
  func failed(_ session: Int) {}
  func isParting(_ session: Int) -> Bool { false }
  func parts(_ session: Int, at now: UInt64) -> Bool { false }
  func hasParted(_ session: Int) -> Bool { true }
  func nextOverdue(at now: UInt64) -> Int? { nil }
  func interests(_ session: Int, _ wish: UInt8) -> UInt8 { wish }
  func note(_ session: Int, _ wish: UInt8) {}
  func mayGoOn(_ session: Int) {}
  func flush(_ session: Int) -> Bool { true }
  func finish(_ session: Int) {}
  func nextPending() -> Int? { nil }
  func makeRoom(at now: UInt64) -> Int? { nil }
  func shakeNext(at now: UInt64) -> (place: Int, hasFailed: Bool)? { nil }
  func receive(_ session: Int, into target: inout MutableRawSpan) -> TransferResult { .failed }
  func send(_ session: Int, _ bytes: RawSpan) -> TransferResult { .failed }
  func send(_ session: Int, _ list: borrowing GatherList) -> TransferResult { .failed }
}
#endif
