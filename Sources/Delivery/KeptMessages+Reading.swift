public import Memory

/// What is held of a user, in order of the ids; a message is known by its place while it is held.
extension KeptMessages {
  /// A user's oldest message.
  public func first(of user: Int) -> Int? { users[user].first.kept }

  /// A user's first message that was handed to no connection.
  public func firstUntold(of user: Int) -> Int? { users[user].untold.kept }

  /// A user's first message with a greater id. The search begins at the newest.
  public func first(of user: Int, behind id: UInt64) -> Int? {
    var (found, next) = (KeptMessage.none, users[user].last)
    while let place = next.kept, messages[place].id > id {
      found = next
      next = messages[place].before
    }
    return found.kept
  }

  /// The same user's next message.
  public func next(behind message: Int) -> Int? { messages[message].behind.kept }

  public func find(_ id: UInt64, of user: Int) -> Int? {
    guard id > 0, let place = first(of: user, behind: id - 1), messages[place].id == id else {
      return nil
    }
    return place
  }

  public func id(ofMessage message: Int) -> UInt64 { messages[message].id }
  public func user(of message: Int) -> Int { Int(messages[message].user) }
  public func mark(of message: Int) -> UInt8 { messages[message].mark }
  public func isTold(_ message: Int) -> Bool { messages[message].isTold }

  /// Bytes of its text.
  public func size(of message: Int) -> Int {
    Int(messages[message].text.count) - Int(messages[message].tagSize)
  }

  public func append(_ message: Int, to draft: inout ByteWriter) {
    let kept = messages[message]
    draft.append(kept.text, in: pool, skipping: Int(kept.tagSize))
  }

  /// Whether a text and its tag, so many bytes together, can be kept at all.
  public func fits(_ length: Int) -> Bool { pool.slotsNeeded(for: length) <= pool.capacity }

  // MARK: Told

  /// Notes that a message was handed to a connection of its user.
  ///
  /// - Returns: whether the user's record has to say so; if not the message's own has.
  public mutating func setTold(_ message: Int) -> Bool {
    let user = Int(messages[message].user)
    messages[message].isTold = true
    guard users[user].untold == UInt32(message) else { return false }
    users[user].untold = untold(behind: message)
    return true
  }
}
