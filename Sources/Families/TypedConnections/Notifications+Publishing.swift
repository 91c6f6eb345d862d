public import Delivery
public import Memory
import WebSocket

/// What became of a notification for one user.
public struct PublishedNotice: Equatable, Sendable {
  public let id: UInt64
  /// Connections that it was handed to, or that get it as soon as they take more.
  public let delivered: Int
}

/// What became of a notification for some of the users with notifications connections.
public struct NoticeSlice: Equatable, Sendable {
  /// Where to go on, nil when those were all.
  public var next: Int?
  /// Connections that it was handed to, or that get it as soon as they take more.
  public var delivered = 0
}

/// An admin publishes.
extension Notifications {
  /// Users of one slice, and places that are looked at for them.
  private static var usersPerSlice: Int { 32 }
  private static var placesPerSlice: Int { 1024 }

  /// Whether the journal has room for a notification whose body has so many bytes; if not its
  /// publisher is to come again.
  public func canPublish(bytes: Int, _ mailroom: borrowing Mailroom) -> Bool {
    kept.hasRoom(in: mailroom.journal, for: bytes + Notifications.envelope)
  }

  /// Throws for a notification that is too long, whoever it is for.
  public func check(
    _ notice: Notice, of body: RawSpan, at now: Moment, _ mailroom: inout Mailroom
  ) throws(NoticeError) {
    mailroom.draft.notification(.max, notice, of: body, at: now)
    let isTooLong = mailroom.draft.overflowed || !kept.fits(mailroom.draft.count)
    mailroom.draft.removeAll()
    if isTooLong { throw .size }
  }

  /// Publishes a notification for one user, connected or not. What it throws has changed nothing.
  ///
  /// - Parameter body: that the notice was read from.
  public mutating func publish(
    _ notice: Notice, of body: RawSpan, to id: ShortText, at now: Moment,
    _ mailroom: inout Mailroom
  ) throws(NoticeError) -> PublishedNotice {
    guard canPublish(bytes: body.byteCount, mailroom),
      let user = kept.enter(id, &mailroom.journal),
      canPublish(bytes: body.byteCount, mailroom)
    else { throw .busy }
    return try publish(notice, body, to: user, now, &mailroom)
  }

  /// Publishes a notification for each user that has notifications connections, some of them a
  /// call. A call that finds no room gives the cursor back: it goes on in a later turn.
  ///
  /// - Parameters:
  ///   - body: that the notice was read from.
  ///   - cursor: where to begin, 0 the first time.
  public mutating func publish(
    _ notice: Notice, of body: RawSpan, toUsersFrom cursor: Int, at now: Moment,
    _ mailroom: inout Mailroom
  ) throws(NoticeError) -> NoticeSlice {
    var slice = NoticeSlice()
    var users = 0
    for user in cursor..<max(cursor, kept.userEndIndex) {
      guard kept.containsUser(user), lists.first(of: user) != nil else {
        if user - cursor < Notifications.placesPerSlice { continue }
        slice.next = user
        return slice
      }
      guard users < Notifications.usersPerSlice, canPublish(bytes: body.byteCount, mailroom) else {
        slice.next = user
        return slice
      }
      slice.delivered += try publish(notice, body, to: user, now, &mailroom).delivered
      users += 1
    }
    return slice
  }

  /// Keeps a notification, and hands it out to the connections that have got all before it.
  private mutating func publish(
    _ notice: Notice, _ body: RawSpan, to user: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) throws(NoticeError) -> PublishedNotice {
    // One counter for all users: what an earlier run kept may lie ahead of it.
    let (seen, id) = (kept.highestID, max(kept.highestID + 1, kept.firstID))
    mailroom.draft.notification(id, notice, of: body, at: now)
    let isKept = keep(mailroom.draft, id, for: user, now, &mailroom.journal)
    guard isKept else {
      mailroom.draft.removeAll()
      throw .size
    }
    return PublishedNotice(id: id, delivered: handOut(seen: seen, to: user, &mailroom))
  }

  private mutating func keep(
    _ draft: borrowing ByteWriter, _ id: UInt64, for user: Int, _ now: Moment,
    _ journal: inout Journal
  ) -> Bool {
    !draft.overflowed && kept.keep(draft.bytes, id: id, for: user, at: now, &journal) != nil
  }

  /// Hands out what stands in the draft; returns to how many connections, now or as soon as they
  /// take more.
  ///
  /// - Parameter seen: the highest id before it.
  private mutating func handOut(
    seen: UInt64, to user: Int, _ mailroom: inout Mailroom
  ) -> Int {
    let length = mailroom.draft.count + ServerFrameHeader.maximumSize
    let isShared = length <= mailroom.outboxes.pool.available * mailroom.outboxes.pool.slotSize
    if isShared { mailroom.shareDraft() } else { mailroom.draft.removeAll() }
    var (delivered, next) = (0, lists.first(of: user))
    while let connection = next {
      next = lists.connection(behind: connection)
      if readers[connection].isBehind {
        delivered += 1
      } else if mailroom.outboxes.isEmpty(connection), !isShared {
        // Nothing of its own will ever make room.
        mailroom.missed.insert(connection)
      } else if isShared, mailroom.mayTakeNow(length, connection) {
        if mailroom.sendShared(to: connection) { delivered += 1 }
      } else {
        readers[connection].isBehind = true
        readers[connection].seen = seen
        mailroom.waiting.insert(connection)
        delivered += 1
      }
    }
    return delivered
  }
}
