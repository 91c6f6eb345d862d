public import Delivery
public import Memory
import WebSocket

/// What became of an event for one user.
public struct Published: Equatable, Sendable {
  public let id: UInt64
  /// Connections that it was handed to, or that get it as soon as they take more.
  public let delivered: Int
  /// Whether it waits for a connection to come.
  public var isQueued: Bool { delivered == 0 }
}

/// What became of an event for some of the users with connections.
public struct PublishedSlice: Equatable, Sendable {
  /// Where to go on, nil when those were all.
  public var next: Int?
  /// The highest id that was given, nil for nobody.
  public var highestID: UInt64?
  /// Connections that it was handed to, or that get it as soon as they take more.
  public var delivered = 0
}

/// Backends publish.
extension UserEvents {
  /// Users of one slice, and places that are looked at for them.
  private static var usersPerSlice: Int { 32 }
  private static var placesPerSlice: Int { 1024 }

  /// Whether the journal has room for an event whose body has so many bytes; if not its publisher
  /// is to come again.
  public func canPublish(bytes: Int, _ mailroom: borrowing Mailroom) -> Bool {
    kept.hasRoom(in: mailroom.journal, for: bytes + UserEvents.envelope)
  }

  /// Publishes an event for one user, connected or not. When it throws nothing is kept.
  public mutating func publish(
    _ body: RawSpan, to id: ShortText, at now: Moment, _ mailroom: inout Mailroom
  ) throws(EventError) -> Published {
    let event = try readEvent(body, at: now, &mailroom)
    guard canPublish(bytes: body.byteCount, mailroom),
      let user = kept.enter(id, &mailroom.journal),
      canPublish(bytes: body.byteCount, mailroom)
    else { throw .busy }
    guard let published = publish(event, body, to: user, now, &mailroom) else { throw .size }
    return published
  }

  /// Publishes an event for the users that have connections, some of them a call. A call that finds
  /// no room gives the cursor back: it goes on in a later turn.
  ///
  /// - Parameter cursor: where to begin, 0 the first time.
  public mutating func publish(
    _ body: RawSpan, toUsersFrom cursor: Int, at now: Moment, _ mailroom: inout Mailroom
  ) throws(EventError) -> PublishedSlice {
    let event = try readEvent(body, at: now, &mailroom)
    var slice = PublishedSlice(next: nil, highestID: nil)
    var users = 0
    for user in cursor..<max(cursor, kept.userEndIndex) {
      guard kept.containsUser(user), lists.first(of: user) != nil else {
        if user - cursor < UserEvents.placesPerSlice { continue }
        slice.next = user
        return slice
      }
      guard users < UserEvents.usersPerSlice, canPublish(bytes: body.byteCount, mailroom) else {
        slice.next = user
        return slice
      }
      guard let published = publish(event, body, to: user, now, &mailroom) else { throw .size }
      slice.highestID = max(slice.highestID ?? 0, published.id)
      slice.delivered += published.delivered
      users += 1
    }
    return slice
  }

  /// Reads a body that is no longer than what can be sent and kept.
  private func readEvent(
    _ body: RawSpan, at now: Moment, _ mailroom: inout Mailroom
  ) throws(EventError) -> Event {
    let event = try Event.read(body)
    mailroom.draft.event(event.kind, body.extracting(event.data), id: .max, at: now)
    let isTooLong =
      mailroom.draft.overflowed
      || !kept.fits(mailroom.draft.count + event.tag.bytes.byteCount)
    mailroom.draft.removeAll()
    if isTooLong { throw .size }
    return event
  }

  /// Keeps an event, and hands it out to those who have got all before it.
  private mutating func publish(
    _ event: Event, _ body: RawSpan, to user: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) -> Published? {
    let (seen, id) = (kept.newest(of: user), kept.nextID(of: user))
    mailroom.draft.event(event.kind, body.extracting(event.data), id: id, at: now)
    guard
      let message = UserEvents.keep(
        mailroom.draft, event, for: user, now, in: &kept, &mailroom.journal)
    else {
      mailroom.draft.removeAll()
      return nil
    }
    let (now, later) = handOut(event.kind, seen: seen, to: user, &mailroom)
    if now > 0 { _ = kept.setTold(message) }
    kept.put(message, &mailroom.journal)
    return Published(id: id, delivered: now + later)
  }

  private static func keep(
    _ draft: borrowing ByteWriter, _ event: Event, for user: Int, _ now: Moment,
    in kept: inout KeptMessages, _ journal: inout Journal
  ) -> Int? {
    kept.insert(
      draft.bytes, tag: event.tag, mark: event.kind.rawValue, for: user, at: now, &journal)
  }

  /// Hands out what stands in the draft; returns to how many connections now, and to how many as
  /// soon as they take more.
  private mutating func handOut(
    _ kind: EventKind, seen: UInt64, to user: Int, _ mailroom: inout Mailroom
  ) -> (now: Int, later: Int) {
    let length = mailroom.draft.count + ServerFrameHeader.maximumSize
    let isShared = length <= mailroom.outboxes.pool.available * mailroom.outboxes.pool.slotSize
    if isShared { mailroom.shareDraft() } else { mailroom.draft.removeAll() }
    var (now, later, next) = (0, 0, lists.first(of: user))
    while let connection = next {
      next = lists.connection(behind: connection)
      guard listeners[connection].kinds.contains(kind) else { continue }
      if listeners[connection].isBehind {
        later += 1
      } else if mailroom.outboxes.isEmpty(connection), !isShared {
        // Nothing of its own will ever make room.
        mailroom.missed.insert(connection)
      } else if isShared, mailroom.mayTakeNow(length, connection) {
        if mailroom.sendShared(to: connection) { now += 1 }
      } else {
        listeners[connection].isBehind = true
        listeners[connection].seen = seen
        listeners[connection].untoldOnly = 0
        mailroom.waiting.insert(connection)
        later += 1
      }
    }
    return (now, later)
  }
}
