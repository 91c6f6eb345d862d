import Synchronization

private let contexts = Mutex(())

/// Does something with a `KeyRing` while nobody else does: HMAC's contexts are the process's, for
/// the one thread that a server has; tests run on several, those of all targets in one process.
public func whileHashing<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  try contexts.withLock { _ throws(Failure) in try body() }
}
