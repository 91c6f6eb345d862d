import Memory

/// What waits for the disk.
extension Mailroom {
  /// Bytes for each connection.
  public static var bytesPerHold: Int { Holds.bytesPerConnection }

  /// Holds what is queued for a connection from now on until the records that were put down are on
  /// disk. A journal that keeps nothing holds nobody.
  public mutating func hold(_ connection: Int) {
    guard journal.isKept, !journal.isEmpty || journal.isInFlight || journal.isTorn else { return }
    spillCork(of: connection)
    holds.hold(connection, queued: outboxes.byteCount(of: connection))
  }

  /// Whether something that is queued for a connection waits for the disk.
  public func isHeld(_ connection: Int) -> Bool { holds.contains(connection) }

  /// Bytes at the head of the outbox that may go.
  public func free(_ connection: Int) -> Int { holds.free(connection) }

  /// Lets go of the first `length` bytes, which were sent.
  public mutating func sent(_ length: Int, from connection: Int) {
    outboxes.sent(length, from: connection)
    holds.sent(length, from: connection)
  }

  /// Hands the journal's batch to `use`: it is on its way to the disk.
  public mutating func sealJournal(goesOn: Bool, _ use: (RawSpan) -> Void) {
    journal.seal(goesOn: goesOn, use)
    // Nobody is freed by a part of a transaction.
    guard !goesOn else { return }
    for _ in 0..<holds.count {
      guard let connection = holds.rotate() else { return }
      holds.seal(connection, queued: outboxes.byteCount(of: connection))
    }
  }

  /// The batch is on disk: whoever has waited for it is flushed.
  public mutating func journalLanded() {
    journal.landed()
    guard !journal.goesOn else { return }
    for _ in 0..<holds.count {
      guard let connection = holds.rotate() else { return }
      let isHeld = holds.land(connection, queued: outboxes.byteCount(of: connection))
      // Without a record since, what came behind has waited for the same batch.
      if isHeld, journal.isEmpty, !journal.isTorn { holds.release(connection) }
      dirty.insert(connection)
    }
  }

  /// The disk does not take what it is given: all goes on in memory, and nobody waits for it.
  public mutating func endJournal() {
    journal.end()
    for _ in 0..<holds.count {
      guard let connection = holds.rotate() else { return }
      holds.release(connection)
      dirty.insert(connection)
    }
  }
}
