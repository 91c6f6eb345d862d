import Attendance
import Delivery
import Memory

/// Joining and leaving.
extension TypedRooms {
  /// Who is in the room already stays so, and nobody hears of it.
  mutating func join(
    _ name: ShortText, _ member: TypedMember, _ now: Moment, _ mailroom: inout Mailroom
  ) throws(TypedRoomRefusal) {
    let found = attendance.find(name.bytes, scope: member.scope.rawValue)
    if let found, attendance.membership(of: member.connection, in: found) != nil { return }
    guard attendance.membershipCount(of: member.connection) < roomsPerConnection else {
      throw .tooManyRoomsOfOne
    }
    guard found != nil || !attendance.rooms.isFull else { throw .tooManyRooms }
    var present: Int? = nil
    if let found {
      present = attendance.presence(of: member.user, in: found)
      let users = Int(attendance.rooms[found].users)
      guard present != nil || users < membersPerRoom else { throw .roomFull }
    }
    let room = found ?? makeRoom(name, member.scope)
    let presence = present ?? attendance.enter(member.user, room)
    _ = attendance.add(member.connection, to: presence)
    guard present == nil else { return }
    typingAgain[presence] = 0
    if member.scope == .chat, attendance.rooms[room].users > 1 {
      let user = TypedSender(member.user, of: mailroom.users)
      mailroom.draft.userNews("user_joined", in: name, user, at: now)
      mailroom.shareDraft()
      share(in: room, except: member.connection, &mailroom)
    }
  }

  private mutating func makeRoom(_ name: ShortText, _ scope: TypedRoomScope) -> Int {
    roomCounts[Int(scope.rawValue)] += 1
    return attendance.makeRoom(name, scope: scope.rawValue, nextID: 0)
  }

  mutating func leave(_ membership: Int, _ now: Moment, _ mailroom: inout Mailroom) {
    let gone = attendance.memberships[membership]
    let (room, presence) = (Int(gone.room), Int(gone.presence))
    let user = Int(attendance.presences[presence].user)
    guard attendance.remove(membership) else { return }
    let scope = attendance.rooms[room].scope
    guard !attendance.end(presence) else {
      roomCounts[Int(scope)] -= 1
      return attendance.free(room)
    }
    guard scope == TypedRoomScope.chat.rawValue else { return }
    let name = attendance.rooms[room].name
    let sender = TypedSender(user, of: mailroom.users)
    mailroom.draft.userNews("user_left", in: name, sender, at: now)
    mailroom.shareDraft()
    share(in: room, except: nil, &mailroom)
  }

  /// Queues the shared frame for every connection in a room but one.
  func share(in room: Int, except: Int?, _ mailroom: inout Mailroom) {
    var next = attendance.firstMember(of: room)
    while let membership = next {
      let connection = Int(attendance.memberships[membership].connection)
      if connection != except { mailroom.sendShared(to: connection) }
      next = attendance.member(behind: membership)
    }
  }
}
