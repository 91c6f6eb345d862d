import Attendance
public import Delivery
import Memory
public import WebSocket

/// General and chat connections (PROTOCOL.md, section 8): what one member of a room says, all of
/// them get.
///
/// A connection that is opened for no room is a general one. A user is present once in a room, by
/// however many connections. A message is read whole before it changes anything; one that is
/// refused changes nothing.
public struct TypedRooms: Family, ~Copyable {
  /// The rooms of both kinds.
  var attendance: Attendance
  /// Per connection: its kind, or `TypedRooms.none`.
  private var scopes: FixedArray<UInt8>
  /// Per connection: the room that its address names.
  private var homes: FixedArray<ShortText>
  /// Per presence: from when on others are told again that its user is typing, in milliseconds of
  /// the monotonic clock.
  var typingAgain: FixedArray<UInt64>
  /// Of each kind.
  private(set) var connectionCounts = InlineArray<2, Int>(repeating: 0)
  var roomCounts = InlineArray<2, Int>(repeating: 0)
  let membersPerRoom: Int
  let roomsPerConnection: Int

  public static var isBuiltIn: Bool { true }
  private static var none: UInt8 { .max }

  /// - Parameters:
  ///   - connections: are numbered from 0 to this, less one.
  ///   - rooms: at once, of both kinds together, at least 1.
  ///   - membersPerRoom: users in a room, at least 1.
  ///   - roomsPerConnection: at least 1.
  ///   - seed: random, and known to no peer.
  public init(
    connections: Int, rooms: Int, membersPerRoom: Int, roomsPerConnection: Int, seed: UInt64
  ) {
    precondition(membersPerRoom > 0 && roomsPerConnection > 0)
    let memberships = connections * roomsPerConnection
    let presences = Attendance.presences(
      memberships, rooms: rooms, membersPerRoom: membersPerRoom)
    attendance = Attendance(
      connections: connections, rooms: rooms, presences: presences, memberships: memberships,
      seed: seed)
    scopes = FixedArray(repeating: TypedRooms.none, count: connections)
    homes = FixedArray(zeroed: connections)
    typingAgain = FixedArray(zeroed: presences)
    self.membersPerRoom = membersPerRoom
    self.roomsPerConnection = roomsPerConnection
  }

  // MARK: Coming and going

  public mutating func opened(
    _ connection: Int, _ opening: Opening, at now: Moment, _ mailroom: inout Mailroom
  ) {
    guard let user = mailroom.users.user(of: connection) else { return }
    let scope: TypedRoomScope = opening.subject.isEmpty ? .general : .chat
    let id = mailroom.users.id(of: user)
    scopes[connection] = scope.rawValue
    homes[connection] = opening.subject
    connectionCounts[Int(scope.rawValue)] += 1
    mailroom.draft.connectionEstablished(scope.name, id, stamp: opening.stamp, at: now)
    mailroom.sendDraft(to: connection)
    guard scope == .chat else { return }
    do throws(TypedRoomRefusal) {
      guard Identifier.isRoomName(opening.subject.bytes) else { throw .room }
      let member = TypedMember(connection: connection, user: user, scope: scope)
      try join(opening.subject, member, now, &mailroom)
    } catch {
      mailroom.draft.typedError(error.text, at: now)
      mailroom.sendDraft(to: connection)
    }
  }

  public mutating func closed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    while let membership = attendance.firstMembership(of: connection) {
      leave(membership, now, &mailroom)
    }
    guard let scope = scope(of: connection) else { return }
    scopes[connection] = TypedRooms.none
    connectionCounts[Int(scope.rawValue)] -= 1
  }

  public mutating func touch() { attendance.touch() }

  // MARK: Messages

  @inline(never)
  public mutating func received(
    _ opcode: Opcode, _ payload: RawSpan, from connection: Int, at now: Moment,
    _ mailroom: inout Mailroom
  ) -> FamilyStep {
    guard let user = mailroom.users.user(of: connection), let scope = scope(of: connection) else {
      return .close(.internalError)
    }
    let member = TypedMember(connection: connection, user: user, scope: scope)
    do throws(TypedRoomRefusal) {
      try receive(TypedRoomMessage.read(payload), payload, member, now, &mailroom)
    } catch {
      mailroom.draft.typedError(error.text, at: now)
      mailroom.sendDraft(to: connection)
    }
    return .stay
  }

  private mutating func receive(
    _ message: TypedRoomMessage, _ payload: RawSpan, _ member: TypedMember, _ now: Moment,
    _ mailroom: inout Mailroom
  ) throws(TypedRoomRefusal) {
    guard message.action.isKnown(to: member.scope) else { throw .unknownType(member.scope) }
    switch message.action {
    case .say:
      let text = try payload.extracting(message.textMessage())
      try say("chat_message", text, in: message.room(or: home(of: member)), member, now, &mailroom)
    case .broadcast:
      let value = try payload.extracting(message.anyMessage())
      try say("room_message", value, in: message.room(), member, now, &mailroom)
    case .typing: try type(in: message.room(or: home(of: member)), member, now, &mailroom)
    case .join:
      let room = try message.room()
      try join(room, member, now, &mailroom)
      mailroom.draft.roomChanged("room_joined", room, at: now)
    case .leave:
      let room = try message.room()
      leave(try membership(of: member, in: room), now, &mailroom)
      mailroom.draft.roomChanged("room_left", room, at: now)
    case .echo: mailroom.draft.echo(payload.extracting(try message.anyMessage()), at: now)
    case .ping: mailroom.draft.typedPong(at: now)
    case .pong, .unknown: break
    }
    // What is left in the draft is the sender's own answer.
    if mailroom.draft.count > 0 || mailroom.draft.overflowed {
      mailroom.sendDraft(to: member.connection)
    }
  }

  public mutating func refused(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    mailroom.draft.typedError(TypedRoomRefusal.tooFast.text, at: now)
    mailroom.sendDraft(to: connection)
  }

  /// The kind of a connection, nil when it is none of ours.
  public func scope(of connection: Int) -> TypedRoomScope? {
    TypedRoomScope(rawValue: scopes[connection])
  }

  private func home(of member: TypedMember) -> ShortText { homes[member.connection] }

  /// The membership by which one may speak in a room.
  func membership(
    of member: TypedMember, in name: ShortText
  ) throws(TypedRoomRefusal) -> Int {
    guard let room = attendance.find(name.bytes, scope: member.scope.rawValue),
      let membership = attendance.membership(of: member.connection, in: room)
    else { throw .notAMember }
    return membership
  }
}

/// Who a message came from.
struct TypedMember {
  let connection: Int
  let user: Int
  let scope: TypedRoomScope
}
