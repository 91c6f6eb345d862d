import Attendance
public import Delivery
import Memory
public import WebSocket

/// Rooms (PROTOCOL.md, section 6): what one member says, all members get.
///
/// A user is present once in a room, by however many connections. A message is read whole before it
/// changes anything; one that is refused changes nothing.
public struct Rooms: Family, ~Copyable {
  var attendance: Attendance
  var history: RoomHistory
  let membersPerRoom: Int
  let roomsPerConnection: Int
  /// The id that the first message in a new room gets: past all of the rooms that are gone.
  var firstID: UInt64

  public static var isBuiltIn: Bool { true }

  /// - Parameters:
  ///   - connections: are numbered from 0 to this, less one.
  ///   - rooms: at once, at least 1.
  ///   - membersPerRoom: users in a room, at least 1.
  ///   - roomsPerConnection: at least 1.
  ///   - history: messages that are kept of each room, 0 to 65,535.
  ///   - historySize: bytes for the messages of all rooms; one of the longest fits in any case.
  ///   - messageMaximum: bytes of the longest message that a client may send.
  ///   - startedAt: microseconds since 1970 UTC, where ids begin.
  ///   - seed: random, and known to no peer.
  public init(
    connections: Int, rooms: Int, membersPerRoom: Int, roomsPerConnection: Int, history: Int,
    historySize: Int, messageMaximum: Int, startedAt: UInt64, seed: UInt64
  ) {
    precondition(membersPerRoom > 0 && roomsPerConnection > 0)
    attendance = Attendance(
      connections: connections, rooms: rooms,
      presences: Attendance.presences(
        connections * roomsPerConnection, rooms: rooms, membersPerRoom: membersPerRoom),
      memberships: connections * roomsPerConnection, seed: seed)
    self.history = RoomHistory(
      rooms: rooms, limit: history,
      size: Rooms.historySize(historySize, messageMaximum: messageMaximum))
    self.membersPerRoom = membersPerRoom
    self.roomsPerConnection = roomsPerConnection
    firstID = startedAt
  }

  // MARK: Coming and going

  public mutating func opened(
    _ connection: Int, _ opening: Opening, at now: Moment, _ mailroom: inout Mailroom
  ) {
    guard !opening.subject.isEmpty, let user = mailroom.users.user(of: connection) else { return }
    do throws(RoomRefusal) {
      guard Identifier.isRoomName(opening.subject.bytes) else { throw .room }
      let member = Member(connection: connection, user: user)
      try join(opening.subject, since: opening.since, member, now, &mailroom)
    } catch {
      mailroom.draft.refusal(error, at: now)
      mailroom.sendDraft(to: connection)
    }
  }

  public mutating func closed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    while let membership = attendance.firstMembership(of: connection) {
      leave(membership, isTold: false, now, &mailroom)
    }
  }

  public mutating func resumed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    var next = attendance.firstMembership(of: connection)
    while let membership = next {
      next = attendance.membership(behind: membership)
      if attendance.memberships[membership].wantsList {
        sendUserList(to: membership, now, &mailroom)
      }
      replay(membership, &mailroom)
    }
  }

  public mutating func touch() {
    attendance.touch()
    history.touch()
  }

  // MARK: Messages

  @inline(never)
  public mutating func received(
    _ opcode: Opcode, _ payload: RawSpan, from connection: Int, at now: Moment,
    _ mailroom: inout Mailroom
  ) -> FamilyStep {
    guard let user = mailroom.users.user(of: connection) else { return .close(.internalError) }
    let member = Member(connection: connection, user: user)
    do throws(RoomRefusal) {
      try receive(RoomMessage.read(payload), payload, member, now, &mailroom)
    } catch {
      mailroom.draft.refusal(error, at: now)
      mailroom.sendDraft(to: connection)
    }
    return .stay
  }

  private mutating func receive(
    _ message: RoomMessage, _ payload: RawSpan, _ member: Member, _ now: Moment,
    _ mailroom: inout Mailroom
  ) throws(RoomRefusal) {
    switch message.action {
    case .message: try say(message, payload, member, now, &mailroom)
    case .join: try join(message.room(), since: message.since(), member, now, &mailroom)
    case .leave:
      let membership = try membership(of: member, in: message.room())
      leave(membership, isTold: true, now, &mailroom)
    case .userList:
      let membership = try membership(of: member, in: message.room())
      sendUserList(to: membership, now, &mailroom)
    case .ping:
      mailroom.draft.pong(at: now)
      mailroom.sendDraft(to: member.connection)
    case .pong: break
    case .unknown: throw .unsupportedType
    }
  }

  public mutating func refused(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    mailroom.draft.refusal(.tooFast, at: now)
    mailroom.sendDraft(to: connection)
  }

  /// The membership by which one may speak in a room.
  func membership(of member: Member, in name: ShortText) throws(RoomRefusal) -> Int {
    guard let room = attendance.find(name.bytes),
      let membership = attendance.membership(of: member.connection, in: room)
    else { throw .notAMember }
    return membership
  }
}

/// Who a message came from: a connection and its user.
struct Member {
  let connection: Int
  let user: Int
}
