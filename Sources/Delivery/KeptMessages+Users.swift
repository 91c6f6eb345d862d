public import Memory

/// Users are known by their places. A place goes to another user only when the table is full.
extension KeptMessages {
  public func find(_ id: RawSpan) -> Int? {
    var probe = index.probe(index.hash(id))
    while let user = index.next(&probe) {
      if users[user].id.bytes.equals(id) { return user }
    }
    return nil
  }

  /// Finds or makes a user. When the table is full the user goes that is longest unused and not
  /// pinned, one without messages before any other.
  ///
  /// - Parameter isForced: whether to do so even if the journal has no room for what that changes.
  /// - Returns: nil when all are pinned, or for want of such room: it has come when the journal is
  ///   empty, if not at once.
  public mutating func enter(
    _ id: ShortText, isForced: Bool = false, _ journal: inout Journal
  ) -> Int? {
    if let user = find(id.bytes) {
      unlist(user)
      list(user)
      return user
    }
    if users.isFull {
      guard forgetOne(isForced: isForced, &journal) else { return nil }
    }
    return make(id)
  }

  mutating func make(_ id: ShortText) -> Int? {
    let hash = index.hash(id.bytes)
    let user = KeptUser(
      id: id, hash: hash, newest: unknownFloor, restoredTold: unknownFloor, floor: unknownFloor)
    guard let place = users.insert(user) else { return nil }
    index.insert(place, hash: hash)
    list(place)
    return place
  }

  /// A pinned user does not go; as many pins as were set have to be taken.
  public mutating func pin(_ user: Int) {
    unlist(user)
    users[user].pins += 1
  }

  public mutating func unpin(_ user: Int) {
    precondition(users[user].pins > 0)
    users[user].pins -= 1
    list(user)
  }

  /// Places of users lie below.
  public var userEndIndex: Int { users.endIndex }
  public func containsUser(_ user: Int) -> Bool { users.contains(user) }
  public func id(of user: Int) -> ShortText { users[user].id }
  public func newest(of user: Int) -> UInt64 { users[user].newest }
  /// All that came behind this id is held, or was taken out by whoever keeps it.
  public func floor(of user: Int) -> UInt64 { users[user].floor }
  public func count(of user: Int) -> Int { Int(users[user].count) }

  /// All messages up to this id were handed to a connection.
  public func told(of user: Int) -> UInt64 {
    guard let untold = users[user].untold.kept else { return users[user].newest }
    return messages[untold].id - 1
  }

  /// The id that the next message of a user gets.
  public func nextID(of user: Int) -> UInt64 { max(users[user].newest + 1, firstID) }

  /// Whether nothing is lost of what came behind `id`, 0 for the first: false also for an id that
  /// this run would give and has not.
  ///
  /// What an earlier run gave and did not put down before it ended was acknowledged to nobody; of
  /// runs that nobody knows of an id says that they were.
  public func holdsAll(behind id: UInt64, of user: Int) -> Bool {
    guard id >= users[user].floor else { return false }
    if id >= firstID { return id <= users[user].newest }
    return knownUpTo.map { id <= $0 } ?? false || id == firstID - 1
  }

  // MARK: Going

  private mutating func forgetOne(isForced: Bool, _ journal: inout Journal) -> Bool {
    guard let user = leavers[0].first.kept ?? leavers[1].first.kept else { return false }
    let hadMessages = users[user].count > 0
    while let message = users[user].first.kept {
      guard isForced || journal.hasRoom(for: 4, bytes: 2 * KeptMessages.userSize) else {
        put(user: user, &journal)
        return false
      }
      users[user].floor = messages[message].id
      take(message, &journal)
    }
    guard isForced || journal.hasRoom(for: 2, bytes: KeptMessages.userSize) else {
      if hadMessages { put(user: user, &journal) }
      return false
    }
    if users[user].key != 0 { journal.remove(key: users[user].key) }
    if users[user].newest > unknownFloor {
      unknownFloor = users[user].newest
      putForgotten(&journal)
    }
    unlist(user)
    index.remove(user, hash: users[user].hash)
    users.remove(at: user)
    return true
  }

  // MARK: The lists of those that may go

  /// Puts a user at the end of the list where it belongs; a pinned one belongs to none.
  mutating func list(_ user: Int) {
    guard users[user].pins == 0 else { return }
    let list = users[user].count == 0 ? 0 : 1
    let last = leavers[list].last
    users[user].before = last
    users[user].behind = KeptMessage.none
    if let last = last.kept {
      users[last].behind = UInt32(user)
    } else {
      leavers[list].first = UInt32(user)
    }
    leavers[list].last = UInt32(user)
  }

  /// Takes a user out of its list, before its pins or its messages change.
  mutating func unlist(_ user: Int) {
    guard users[user].pins == 0 else { return }
    let list = users[user].count == 0 ? 0 : 1
    let (before, behind) = (users[user].before, users[user].behind)
    if let before = before.kept {
      users[before].behind = behind
    } else {
      leavers[list].first = behind
    }
    if let behind = behind.kept {
      users[behind].before = before
    } else {
      leavers[list].last = before
    }
  }
}
