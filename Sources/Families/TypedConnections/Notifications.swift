public import Delivery
import Memory
public import WebSocket

/// Notifications connections (PROTOCOL.md, section 8): what is published for a user all of the
/// user's connections get, and each new one gets all that is unread.
///
/// Every notification is kept first and handed out then. A connection that takes nothing now gets
/// the rest from what is kept, in order: what was read or expired meanwhile it does not get.
public struct Notifications: Family, ~Copyable {
  var kept: KeptMessages
  /// The connections of each user.
  var lists: ConnectionLists
  /// Per connection.
  var readers: FixedArray<NotificationReader>

  public static var isBuiltIn: Bool { true }

  /// - Parameters:
  ///   - connections: are numbered from 0 to this, less one.
  ///   - users: whose unread ones are kept at once; more than there are connections in any case.
  ///   - perUser: unread ones that are kept of one user.
  ///   - size: bytes of all that is kept.
  ///   - lifetime: of one that is kept, in milliseconds.
  ///   - firstID: where ids begin, greater than all that earlier runs gave, and than 0; what is
  ///     counted in microseconds since 1970 stays below 2^53 until the year 2255.
  ///   - seed: random, and known to no peer.
  public init(
    connections: Int, users: Int, perUser: Int, size: Int, lifetime: UInt64, firstID: UInt64,
    seed: UInt64
  ) {
    let users = Notifications.users(users, connections: connections)
    kept = KeptMessages(
      users: users, perUser: perUser, size: size, lifetime: lifetime, kind: .notification,
      userKind: nil, firstID: firstID, seed: seed)
    lists = ConnectionLists(connections: connections, owners: users)
    readers = FixedArray(zeroed: connections)
  }

  /// One more than can be connected, so that there is always a place for one who is not.
  static func users(_ users: Int, connections: Int) -> Int { max(users, connections + 1) }

  // MARK: Coming and going

  public mutating func opened(
    _ connection: Int, _ opening: Opening, at now: Moment, _ mailroom: inout Mailroom
  ) {
    guard let place = mailroom.users.user(of: connection) else { return }
    let id = mailroom.users.id(of: place)
    guard let user = kept.enter(id, isForced: true, &mailroom.journal) else {
      return mailroom.fault(connection)
    }
    kept.pin(user)
    lists.add(connection, to: user)
    readers[connection] = NotificationReader(isBehind: true, seen: 0)
    mailroom.draft.connectionEstablished("notifications", id, stamp: opening.stamp, at: now)
    mailroom.sendDraft(to: connection)
    replay(connection, &mailroom)
  }

  public mutating func closed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    guard let user = lists.remove(connection) else { return }
    kept.unpin(user)
  }

  public mutating func resumed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    replay(connection, &mailroom)
  }

  public mutating func touch() { kept.touch() }

  // MARK: Messages

  @inline(never)
  public mutating func received(
    _ opcode: Opcode, _ payload: RawSpan, from connection: Int, at now: Moment,
    _ mailroom: inout Mailroom
  ) -> FamilyStep {
    guard let user = lists.owner(of: connection) else { return .close(.internalError) }
    do throws(NotificationRefusal) {
      switch try NotificationMessage.read(payload) {
      case .mark(let id): try mark(id, of: user, now, &mailroom)
      case .ping:
        mailroom.draft.typedPong(at: now)
        mailroom.sendDraft(to: connection)
      case .pong: break
      }
    } catch {
      mailroom.draft.typedError(error.text, at: now)
      mailroom.sendDraft(to: connection)
    }
    return .stay
  }

  public mutating func refused(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    mailroom.draft.typedError(NotificationRefusal.tooFast.text, at: now)
    mailroom.sendDraft(to: connection)
  }

  /// Takes a notification out that was read; all of its user's connections are told once that is on
  /// disk.
  private mutating func mark(
    _ id: UInt64, of user: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) throws(NotificationRefusal) {
    guard let message = kept.find(id, of: user) else { throw .unknownID }
    guard mailroom.journal.hasRoom(for: 1, bytes: 0) else { throw .busy }
    kept.remove(message, &mailroom.journal)
    mailroom.draft.notificationRead(id, at: now)
    mailroom.shareDraft()
    var next = lists.first(of: user)
    while let connection = next {
      mailroom.hold(connection)
      mailroom.sendShared(to: connection)
      next = lists.connection(behind: connection)
    }
  }

  // MARK: Age and records

  public var wakeUp: UInt64? { kept.nextExpiry }

  public mutating func woke(at now: Moment, _ mailroom: inout Mailroom) {
    kept.expire(at: now, &mailroom.journal)
  }

  public mutating func restore(
    _ kind: RecordKind, key: UInt64, _ body: RawSpan, at now: Moment, _ mailroom: inout Mailroom
  ) -> Bool {
    kept.restore(kind, key: key, body, at: now, &mailroom.journal)
  }

  public mutating func rewrite(from cursor: Int, _ journal: inout Journal) -> Int? {
    kept.rewrite(from: cursor, &journal)
  }
}
