public import Delivery
import Memory
public import WebSocket

/// User events (PROTOCOL.md, section 7): what a backend publishes for a user, all of the user's
/// connections get, and who was away gets it later.
///
/// Every event is kept first and handed out then. A connection that takes nothing now gets the rest
/// from what is kept, in order, so that of the progress of an upload it gets the newest only. When
/// something goes that it has not got yet it is closed, never left with a gap.
public struct UserEvents: Family, ~Copyable {
  var kept: KeptMessages
  /// The connections of each user.
  var lists: ConnectionLists
  /// Per connection.
  var listeners: FixedArray<Listener>

  public static var isBuiltIn: Bool { true }

  /// - Parameters:
  ///   - connections: are numbered from 0 to this, less one.
  ///   - users: of whom something is known at once; more than there are connections in any case.
  ///   - perUser: events that are kept of one user.
  ///   - size: bytes of all events that are kept.
  ///   - lifetime: of an event that is kept, in milliseconds.
  ///   - firstID: where ids begin, greater than all that earlier runs gave, and than 0.
  ///   - knownUpTo: the highest id that an earlier run may have given whose records are restored;
  ///     nil when none are.
  ///   - seed: random, and known to no peer.
  public init(
    connections: Int, users: Int, perUser: Int, size: Int, lifetime: UInt64, firstID: UInt64,
    knownUpTo: UInt64?, seed: UInt64
  ) {
    let users = UserEvents.users(users, connections: connections)
    kept = KeptMessages(
      users: users, perUser: perUser, size: size, lifetime: lifetime, kind: .event,
      userKind: .eventUser, firstID: firstID, knownUpTo: knownUpTo, seed: seed)
    lists = ConnectionLists(connections: connections, owners: users)
    listeners = FixedArray(repeating: Listener(), count: connections)
  }

  /// One more than can be connected, so that there is always a place for one who is not.
  private static func users(_ users: Int, connections: Int) -> Int { max(users, connections + 1) }

  /// Puts down, once, that nothing is known of those who were before; only before the first user.
  public mutating func noteUnknown(_ mailroom: inout Mailroom) {
    kept.noteUnknown(&mailroom.journal)
  }

  // MARK: Coming and going

  public mutating func opened(
    _ connection: Int, _ opening: Opening, at now: Moment, _ mailroom: inout Mailroom
  ) {
    guard !opening.subject.isEmpty,
      let user = kept.enter(opening.subject, isForced: true, &mailroom.journal)
    else { return mailroom.fault(connection) }
    kept.pin(user)
    lists.add(connection, to: user)
    listeners[connection] = Listener()
    let newest = kept.newest(of: user)
    var resumed: Bool? = nil
    if let since = opening.since {
      resumed = kept.holdsAll(behind: since, of: user)
      // An id that was never given says nothing about what was got.
      let isForeign = since > newest && since >= kept.firstID
      begin(connection, behind: isForeign ? 0 : min(since, newest))
    } else {
      begin(connection, behind: kept.told(of: user))
      listeners[connection].untoldOnly = newest
    }
    mailroom.draft.connection(opening.subject, resumed: resumed, at: now)
    mailroom.sendDraft(to: connection)
    replay(connection, &mailroom)
  }

  /// What lies below the floor is lost already, and the connection is told so.
  private mutating func begin(_ connection: Int, behind id: UInt64) {
    guard let user = lists.owner(of: connection) else { return }
    listeners[connection].isBehind = true
    listeners[connection].seen = max(id, kept.floor(of: user))
  }

  public mutating func closed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    guard let user = lists.remove(connection) else { return }
    kept.unpin(user)
  }

  public mutating func resumed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    guard lists.owner(of: connection) != nil else { return }
    replay(connection, &mailroom)
  }

  public mutating func touch() { kept.touch() }

  // MARK: Messages

  @inline(never)
  public mutating func received(
    _ opcode: Opcode, _ payload: RawSpan, from connection: Int, at now: Moment,
    _ mailroom: inout Mailroom
  ) -> FamilyStep {
    guard lists.owner(of: connection) != nil else { return .close(.internalError) }
    do throws(EventRefusal) {
      switch try EventMessage.read(payload) {
      case .ping: mailroom.draft.pong(at: now)
      case .pong: return .stay
      case .subscribe(let kinds):
        // The first choice is all that is wanted; others add to it.
        if !listeners[connection].hasChosen { listeners[connection].kinds = EventKinds() }
        listeners[connection].kinds.formUnion(kinds)
        listeners[connection].hasChosen = true
        mailroom.draft.subscriptions("subscribed", listeners[connection].kinds, at: now)
      case .unsubscribe(let kinds):
        listeners[connection].kinds.subtract(kinds)
        listeners[connection].hasChosen = true
        mailroom.draft.subscriptions("unsubscribed", listeners[connection].kinds, at: now)
      }
    } catch {
      mailroom.draft.refusal(error, at: now)
    }
    mailroom.sendDraft(to: connection)
    return .stay
  }

  public mutating func refused(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    mailroom.draft.refusal(.tooFast, at: now)
    mailroom.sendDraft(to: connection)
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
