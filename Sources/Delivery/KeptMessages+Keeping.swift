public import Memory

/// Messages come and go.
extension KeptMessages {
  /// Keeps a text for a user, and puts its record; `hasRoom` is asked before.
  ///
  /// - Parameters:
  ///   - text: at least 1 byte.
  ///   - tag: a message of the user with the same tag is replaced; empty for none.
  ///   - mark: what `mark(of:)` will say.
  ///   - id: at least `nextID(of:)`; that one when nil.
  /// - Returns: its id, nil when the text is longer than all texts may be: then nothing has
  ///   changed.
  public mutating func keep(
    _ text: RawSpan, tag: ShortText = ShortText(), mark: UInt8 = 0, id: UInt64? = nil,
    for user: Int, at now: Moment, _ journal: inout Journal
  ) -> UInt64? {
    guard
      let message = insert(
        text, tag: tag, mark: mark, id: id, for: user, at: now, &journal)
    else { return nil }
    put(message, &journal)
    return messages[message].id
  }

  /// As `keep`, but the message's own record is left to the caller, who puts it in the same breath.
  ///
  /// - Returns: its place.
  public mutating func insert(
    _ text: RawSpan, tag: ShortText = ShortText(), mark: UInt8 = 0, id: UInt64? = nil,
    for user: Int, at now: Moment, _ journal: inout Journal
  ) -> Int? {
    let needed = pool.slotsNeeded(for: tag.bytes.byteCount + text.byteCount)
    guard text.byteCount > 0, needed <= pool.capacity else { return nil }
    let id = id ?? nextID(of: user)
    precondition(id > users[user].newest)
    clocks.look(at: now)
    if let replaced = find(tag: tag, of: user) { take(replaced, &journal) }
    if Int(users[user].count) == perUser, let own = users[user].first.kept { drop(own, &journal) }
    while needed > pool.available {
      guard let oldest = users[user].first.kept ?? byAge.first.kept else { return nil }
      drop(oldest, &journal)
    }
    if users[user].key == 0 { put(user: user, &journal) }
    let message = KeptMessage(
      id: id, key: journal.newKey(), deadline: now.monotonic + lifetime, text: store(tag, text),
      tagHash: index.hash(tag.bytes), tagSize: UInt8(tag.bytes.byteCount), mark: mark,
      user: UInt32(user))
    return link(message)
  }

  /// Puts a tag and a text, for which there must be room, into slots.
  mutating func store(_ tag: ShortText, _ text: RawSpan) -> StoredChain {
    var chain = SlotChain()
    guard pool.append(tag.bytes, to: &chain), pool.append(text, to: &chain) else {
      preconditionFailure("room was not made")
    }
    return chain.putAway()
  }

  /// The message of a user that has a tag; those kept last are looked at first.
  private func find(tag: ShortText, of user: Int) -> Int? {
    guard !tag.isEmpty else { return nil }
    let hash = index.hash(tag.bytes)
    var next = users[user].last
    while let place = next.kept {
      let message = messages[place]
      if message.tagHash == hash, Int(message.tagSize) == tag.bytes.byteCount,
        pool.begins(message.text, with: tag.bytes)
      {
        return place
      }
      next = message.before
    }
    return nil
  }

  /// Takes out a message that is done with: read, for one. The floor stays.
  public mutating func remove(_ message: Int, _ journal: inout Journal) {
    let (user, id) = (Int(messages[message].user), messages[message].id)
    take(message, &journal)
    // Nothing else on disk says how far the ids went.
    if id == users[user].newest { put(user: user, &journal) }
  }

  /// Takes out a message that nobody can get any more.
  mutating func drop(_ message: Int, _ journal: inout Journal) {
    let user = Int(messages[message].user)
    users[user].floor = messages[message].id
    take(message, &journal)
    put(user: user, &journal)
  }

  // MARK: Age

  /// When `expire` is to be called, in milliseconds of the monotonic clock.
  public var nextExpiry: UInt64? {
    byAge.first.kept.map { min(max(messages[$0].deadline, notBefore), clocks.nextLook) }
  }

  /// Drops what is too old: so many in one call, and as far as the journal has room. Follows the
  /// clocks, too.
  public mutating func expire(at now: Moment, _ journal: inout Journal) {
    follow(now, &journal)
    for _ in 0..<KeptMessages.expiriesPerCall {
      guard let oldest = byAge.first.kept, messages[oldest].deadline <= now.monotonic else {
        return
      }
      guard journal.hasRoom(for: 2, bytes: KeptMessages.userSize) else {
        notBefore = now.monotonic + 100
        return
      }
      drop(oldest, &journal)
    }
    notBefore = now.monotonic + 1
  }

  // MARK: Lists

  /// Makes a message its user's newest, and the newest of all.
  mutating func link(_ message: KeptMessage) -> Int {
    guard let place = messages.insert(message) else {
      preconditionFailure("more messages than slots")
    }
    let (user, number) = (Int(message.user), UInt32(place))
    unlist(user)
    let last = users[user].last
    messages[place].before = last
    if let last = last.kept { messages[last].behind = number } else { users[user].first = number }
    users[user].last = number
    if !message.isTold, users[user].untold == KeptMessage.none { users[user].untold = number }
    users[user].count += 1
    users[user].newest = max(users[user].newest, message.id)
    highestID = max(highestID, message.id)
    list(user)
    messages[place].older = byAge.last
    if let last = byAge.last.kept { messages[last].newer = number } else { byAge.first = number }
    byAge.last = number
    return place
  }

  /// Takes a message out of the lists, and its record away.
  mutating func take(_ place: Int, _ journal: inout Journal) {
    let message = messages[place]
    let user = Int(message.user)
    if users[user].untold == UInt32(place) { users[user].untold = untold(behind: place) }
    unlist(user)
    if let before = message.before.kept {
      messages[before].behind = message.behind
    } else {
      users[user].first = message.behind
    }
    if let behind = message.behind.kept {
      messages[behind].before = message.before
    } else {
      users[user].last = message.before
    }
    users[user].count -= 1
    list(user)
    if let older = message.older.kept {
      messages[older].newer = message.newer
    } else {
      byAge.first = message.newer
    }
    if let newer = message.newer.kept {
      messages[newer].older = message.older
    } else {
      byAge.last = message.older
    }
    pool.giveBack(message.text)
    messages.remove(at: place)
    journal.remove(key: message.key)
  }

  /// The first of a user's messages behind one that was handed to no connection, or `none`.
  func untold(behind message: Int) -> UInt32 {
    var next = messages[message].behind
    while let place = next.kept, messages[place].isTold { next = messages[place].behind }
    return next
  }
}
