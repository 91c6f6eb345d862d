import Memory

/// Records, which are the image of what is held.
///
/// A user's: the id with its length, then in 8 bytes each the highest id, up to which one all were
/// told, and the floor; an empty id stands for all users that were forgotten. A message's: the
/// user's id with its length, in 8 bytes each its own id and the wall clock's time, in one each
/// whether it was told, its mark and the length of its tag, then the tag and the text.
extension KeptMessages {
  /// Bytes of the longest record of a user.
  static var userSize: Int { 1 + ShortText.maximumSize + 24 }
  /// Bytes of the longest record of a message, its text aside.
  private static var messageSize: Int { 1 + ShortText.maximumSize + 19 + ShortText.maximumSize }

  /// Bytes of the longest record when texts are of so many at most.
  public static func longestRecord(text: Int) -> Int { max(userSize, messageSize + text) }

  /// Whether the journal has room for all that keeping a text of so many bytes may change, and for
  /// a new user.
  public func hasRoom(in journal: borrowing Journal, for length: Int) -> Bool {
    let slots = pool.slotsNeeded(for: length + ShortText.maximumSize)
    let drops = slots <= pool.available ? 1 : slots + 1
    return journal.hasRoom(
      for: 5 + 2 * drops,
      bytes: KeptMessages.messageSize + length + (2 + drops) * KeptMessages.userSize)
  }

  /// Whether the journal has room to note that a message was told.
  public func hasRoomToTell(_ message: Int, in journal: borrowing Journal) -> Bool {
    journal.hasRoom(
      for: 2, bytes: KeptMessages.messageSize + size(of: message) + KeptMessages.userSize)
  }

  // MARK: Putting

  /// Puts the record of a message.
  public func put(_ message: Int, _ journal: inout Journal) {
    let kept = messages[message]
    journal.record.append(short: users[Int(kept.user)].id)
    journal.record.append(word: kept.id)
    journal.record.append(word: stored(message))
    journal.record.append(kept.isTold ? 1 : 0)
    journal.record.append(kept.mark)
    journal.record.append(kept.tagSize)
    journal.record.append(kept.text, in: pool)
    journal.put(kind, key: kept.key)
  }

  /// Puts the record of a user, when users have records.
  public mutating func put(user: Int, _ journal: inout Journal) {
    guard userKind != nil else { return }
    if users[user].key == 0 { users[user].key = journal.newKey() }
    let (id, key) = (users[user].id, users[user].key)
    put(id, users[user].newest, told(of: user), users[user].floor, key: key, &journal)
  }

  /// Puts the record of those that were forgotten.
  mutating func putForgotten(_ journal: inout Journal) {
    guard userKind != nil else { return }
    if forgottenKey == 0 { forgottenKey = journal.newKey() }
    let floor = unknownFloor
    put(ShortText(), floor, floor, floor, key: forgottenKey, &journal)
  }

  /// Puts down, once, that nothing is known of those who were before; only before the first user.
  public mutating func noteUnknown(_ journal: inout Journal) {
    if knownUpTo == nil, forgottenKey == 0 { putForgotten(&journal) }
  }

  private func put(
    _ id: ShortText, _ newest: UInt64, _ told: UInt64, _ floor: UInt64, key: UInt64,
    _ journal: inout Journal
  ) {
    guard let userKind else { return }
    journal.record.append(short: id)
    journal.record.append(word: newest)
    journal.record.append(word: told)
    journal.record.append(word: floor)
    journal.put(userKind, key: key)
  }

  /// Puts all records anew, as many as the journal has room for.
  ///
  /// - Parameter cursor: where to begin, 0 the first time.
  /// - Returns: where to go on, nil when that was all.
  public mutating func rewrite(from cursor: Int, _ journal: inout Journal) -> Int? {
    var place = cursor
    while place <= users.endIndex {
      guard journal.hasRoom(for: 1, bytes: KeptMessages.userSize) else { return place }
      if place == 0 {
        if forgottenKey != 0 { putForgotten(&journal) }
      } else if users.contains(place - 1), users[place - 1].key != 0 {
        put(user: place - 1, &journal)
      }
      place += 1
    }
    let start = place - users.endIndex - 1
    return putMessages(from: start, to: messages.endIndex, &journal).map {
      users.endIndex + 1 + $0
    }
  }

  /// Puts the records of messages, as many as the journal has room for.
  ///
  /// - Returns: the place where to go on, nil when that was all.
  func putMessages(from start: Int, to end: Int, _ journal: inout Journal) -> Int? {
    for message in start..<max(start, end) where messages.contains(message) {
      let size = KeptMessages.messageSize + self.size(of: message)
      guard journal.hasRoom(for: 1, bytes: size) else { return message }
      put(message, &journal)
    }
    return nil
  }

  // MARK: Taking back

  /// Takes a record back: those of users before those of messages, each in the order of the keys.
  /// What does not fit with what came before goes, the oldest first.
  ///
  /// - Returns: whether it makes sense; if not nothing has changed.
  public mutating func restore(
    _ kind: RecordKind, key: UInt64, _ body: RawSpan, at now: Moment, _ journal: inout Journal
  ) -> Bool {
    clocks.begin(at: now)
    if kind == self.kind { return restoreMessage(key, body, now, &journal) }
    if kind == userKind { return restoreUser(key, body, &journal) }
    return false
  }

  private mutating func restoreUser(
    _ key: UInt64, _ body: RawSpan, _ journal: inout Journal
  ) -> Bool {
    var record = RecordReader(body)
    guard let id = record.shortText(), let newest = record.word(UInt64.self),
      let told = record.word(UInt64.self), let floor = record.word(UInt64.self),
      record.rest.isEmpty, floor <= newest, told <= newest, newest < UInt64(Int64.max)
    else { return false }
    if id.isEmpty {
      guard forgottenKey == 0 else { return false }
      (forgottenKey, unknownFloor) = (key, max(unknownFloor, newest))
      highestID = max(highestID, newest)
      return true
    }
    guard find(id.bytes) == nil, let user = enter(id, isForced: true, &journal) else {
      return false
    }
    users[user].key = key
    users[user].newest = newest
    users[user].restoredTold = told
    users[user].floor = floor
    highestID = max(highestID, newest)
    return true
  }

  private mutating func restoreMessage(
    _ key: UInt64, _ body: RawSpan, _ now: Moment, _ journal: inout Journal
  ) -> Bool {
    var record = RecordReader(body)
    guard let name = record.shortText(), !name.isEmpty, let id = record.word(UInt64.self),
      let stored = record.word(UInt64.self), let told = record.word(UInt8.self), told <= 1,
      let mark = record.word(UInt8.self), let tag = record.shortText(),
      id > 0, id < UInt64(Int64.max)
    else { return false }
    let text = record.rest
    let needed = pool.slotsNeeded(for: tag.bytes.byteCount + text.byteCount)
    guard text.byteCount > 0, needed <= pool.capacity else { return false }
    guard let user = userOfRestored(id, name, &journal) else { return false }
    if Int(users[user].count) == perUser, let own = users[user].first.kept { drop(own, &journal) }
    while needed > pool.available {
      guard let oldest = byAge.first.kept else { return false }
      drop(oldest, &journal)
    }
    let age = now.wall > stored ? now.wall - stored : 0
    var deadline = now.monotonic + lifetime - min(age, lifetime)
    // The order of the records decides, whatever the wall clock was set to meanwhile.
    if let last = byAge.last.kept { deadline = max(deadline, messages[last].deadline) }
    var message = KeptMessage(
      id: id, key: key, deadline: deadline, text: store(tag, text),
      tagHash: index.hash(tag.bytes), tagSize: UInt8(tag.bytes.byteCount), mark: mark,
      user: UInt32(user))
    message.isTold = told == 1 || id <= users[user].restoredTold
    _ = link(message)
    return true
  }

  /// The user of a message that is to be taken back, nil when the message makes no sense.
  private mutating func userOfRestored(
    _ id: UInt64, _ name: ShortText, _ journal: inout Journal
  ) -> Int? {
    if let user = find(name.bytes) {
      // What lies below the floor was dropped, and ids of one user grow.
      guard userKind == nil || id > users[user].floor else { return nil }
      if let last = users[user].last.kept, id <= messages[last].id { return nil }
      return user
    }
    guard userKind != nil else { return enter(name, isForced: true, &journal) }
    // Its record went, because there was no room for the user, or because it was lost.
    guard !users.isFull, let user = make(name) else { return nil }
    users[user].floor = id - 1
    users[user].restoredTold = 0
    return user
  }
}
