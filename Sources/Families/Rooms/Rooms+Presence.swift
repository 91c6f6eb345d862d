import Attendance
import Delivery
import JSON
import Memory

/// Joining and leaving.
extension Rooms {
  mutating func join(
    _ name: ShortText, since: UInt64?, _ member: Member, _ now: Moment,
    _ mailroom: inout Mailroom
  ) throws(RoomRefusal) {
    let found = attendance.find(name.bytes)
    if let found, let membership = attendance.membership(of: member.connection, in: found) {
      // A second time it is news to nobody; who says what it has seen last gets what came since.
      if let since { welcome(membership, since: since, member, now, &mailroom) }
      return
    }
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
    let room = found ?? attendance.makeRoom(name, nextID: firstID)
    let presence = present ?? attendance.enter(member.user, room)
    let membership = attendance.add(member.connection, to: presence)
    let author = Author(member.user, of: mailroom.users)
    if present == nil, attendance.rooms[room].users > 1 {
      mailroom.draft.joined(name, author, at: now)
      mailroom.shareDraft()
      share(in: room, except: member.connection, &mailroom)
    }
    welcome(membership, since: since, member, now, &mailroom)
  }

  /// What a newcomer gets: its own joining, who is there, and what was said since.
  private mutating func welcome(
    _ membership: Int, since: UInt64?, _ member: Member, _ now: Moment,
    _ mailroom: inout Mailroom
  ) {
    let name = attendance.rooms[Int(attendance.memberships[membership].room)].name
    let author = Author(member.user, of: mailroom.users)
    var recovered: Bool? = nil
    if let since { recovered = beginReplay(membership, since: since) }
    mailroom.draft.joined(name, author, recovered: recovered, at: now)
    mailroom.sendDraft(to: member.connection)
    sendUserList(to: membership, now, &mailroom)
    replay(membership, &mailroom)
  }

  /// - Parameter isTold: whether the connection itself gets to know.
  mutating func leave(
    _ membership: Int, isTold: Bool, _ now: Moment, _ mailroom: inout Mailroom
  ) {
    let gone = attendance.memberships[membership]
    let (room, presence, connection) = (Int(gone.room), Int(gone.presence), Int(gone.connection))
    let name = attendance.rooms[room].name
    let author = Author(Int(attendance.presences[presence].user), of: mailroom.users)
    let isAbsent = attendance.remove(membership)
    let isEmpty = isAbsent && attendance.end(presence)
    if isAbsent, !isEmpty {
      mailroom.draft.left(name, author, at: now)
      mailroom.shareDraft()
      share(in: room, except: nil, &mailroom)
    }
    if isTold {
      mailroom.draft.left(name, author, at: now)
      mailroom.sendDraft(to: connection)
    }
    if isEmpty { free(room) }
  }

  /// Frees an empty room; one of the same name that comes later uses none of its ids again.
  private mutating func free(_ room: Int) {
    firstID = max(firstID, attendance.rooms[room].nextID)
    history.clear(room)
    attendance.free(room)
  }

  /// Sends display names, in order of joining; a list that finds no room now follows when it does.
  mutating func sendUserList(
    to membership: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) {
    let (room, connection) = (
      Int(attendance.memberships[membership].room),
      Int(attendance.memberships[membership].connection)
    )
    mailroom.draft.beginUserList(attendance.rooms[room].name)
    var next = attendance.rooms[room].first.place
    while let presence = next {
      let name = mailroom.users.name(of: Int(attendance.presences[presence].user))
      mailroom.draft.string(name.bytes)
      next = attendance.presences[presence].links.behind.place
    }
    mailroom.draft.endUserList(at: now)
    let mayList = Rooms.mayList(mailroom.draft.count, to: connection, &mailroom)
    attendance.setWantsList(!mayList, of: membership)
    if mayList {
      mailroom.sendDraft(to: connection)
    } else {
      mailroom.draft.removeAll()
      mailroom.waiting.insert(connection)
    }
  }

  /// Whether a list of `size` bytes may be sent now: it leaves half of the pool to others, unless
  /// nothing else waits for its receiver.
  private static func mayList(
    _ size: Int, to connection: Int, _ mailroom: inout Mailroom
  ) -> Bool {
    let pool = mailroom.outboxes.pool.available - size / mailroom.outboxes.pool.slotSize - 1
    return mailroom.hasRoom(for: size + 10, to: connection)
      && (mailroom.outboxes.isEmpty(connection)
        || 2 * pool > mailroom.outboxes.pool.capacity
          && !mailroom.blocked.contains(connection)
          && 2 * mailroom.outboxes.count(of: connection) < mailroom.places)
  }

  /// Queues the shared frame, news of who comes and goes, for every connection in a room but one.
  private func share(in room: Int, except: Int?, _ mailroom: inout Mailroom) {
    var next = attendance.firstMember(of: room)
    while let membership = next {
      let connection = Int(attendance.memberships[membership].connection)
      if connection != except { mailroom.sendShared(to: connection) }
      next = attendance.member(behind: membership)
    }
  }
}
