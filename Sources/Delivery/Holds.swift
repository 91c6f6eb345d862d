import Memory

/// Output commit (Elnozahy et al., "A survey of rollback-recovery protocols", 2002, section 2.4):
/// whoever is told of something that has to outlive the process is told when it is on disk.
///
/// A connection that is held keeps what was queued since in its outbox. What depended on the batch
/// that has landed is free; what came behind it waits for the next.
public struct Holds: ~Copyable {
  // Public, because Swift 6.3 emits a broken module where another one destroys an array of a type
  // that it cannot name.
  public struct Hold: Zeroable {
    /// Bytes at the head of the outbox that may go.
    var free: UInt32
    /// Bytes behind those that wait for the batch in flight.
    var sealed: UInt32
  }

  private var holds: FixedArray<Hold>
  private(set) var held: IndexSet

  static var bytesPerConnection: Int { MemoryLayout<Hold>.stride + IndexSet.bytesPerIndex }

  init(connections: Int) {
    holds = FixedArray(zeroed: connections)
    held = IndexSet(capacity: connections)
  }

  var isEmpty: Bool { held.isEmpty }

  func contains(_ connection: Int) -> Bool { held.contains(connection) }

  /// Bytes of the outbox that may go now.
  func free(_ connection: Int) -> Int {
    held.contains(connection) ? Int(holds[connection].free) : .max
  }

  /// Holds what is queued from now on.
  ///
  /// - Parameter queued: bytes in the outbox.
  mutating func hold(_ connection: Int, queued: Int) {
    guard !held.contains(connection) else { return }
    held.insert(connection)
    holds[connection] = Hold(free: UInt32(queued), sealed: 0)
  }

  mutating func sent(_ count: Int, from connection: Int) {
    guard held.contains(connection) else { return }
    holds[connection].free -= UInt32(count)
  }

  /// A batch is on its way: all that is queued depends on it, or on one before.
  mutating func seal(_ connection: Int, queued: Int) {
    // What was dropped unsent is neither.
    holds[connection].sealed = UInt32(max(0, queued - Int(holds[connection].free)))
  }

  /// The batch has landed. Returns false when nothing is held any longer.
  mutating func land(_ connection: Int, queued: Int) -> Bool {
    holds[connection].free += holds[connection].sealed
    holds[connection].sealed = 0
    if Int(holds[connection].free) < queued { return true }
    held.remove(connection)
    return false
  }

  mutating func release(_ connection: Int) { held.remove(connection) }

  /// Walks over those that are held: each is taken out, and put back by whoever keeps it.
  var count: Int { held.count }
  mutating func rotate() -> Int? {
    guard let connection = held.popFirst() else { return nil }
    held.insert(connection)
    return connection
  }
}
