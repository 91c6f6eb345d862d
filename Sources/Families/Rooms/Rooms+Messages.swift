import Attendance
import Delivery
import Memory
import WebSocket

/// What is said, and what is said again to one who was away.
extension Rooms {
  mutating func say(
    _ message: RoomMessage, _ payload: RawSpan, _ member: Member, _ now: Moment,
    _ mailroom: inout Mailroom
  ) throws(RoomRefusal) {
    let name = try message.room()
    let content = try message.content()
    let membership = try membership(of: member, in: name)
    let room = Int(attendance.memberships[membership].room)
    let author = Author(member.user, of: mailroom.users)
    mailroom.draft.message(
      attendance.takeID(in: room), in: name, author, payload, content, message.data, at: now)
    if mailroom.draft.overflowed {
      history.clear(room)
    } else {
      history.keep(mailroom.draft.bytes, of: room)
    }
    mailroom.shareDraft()
    shareLive(in: room, &mailroom)
  }

  /// Queues the shared frame for every connection in a room; those that still get the history will
  /// find it there.
  private func shareLive(in room: Int, _ mailroom: inout Mailroom) {
    var next = attendance.firstMember(of: room)
    while let place = next {
      let membership = attendance.memberships[place]
      if !membership.isReplaying { mailroom.sendShared(to: Int(membership.connection)) }
      next = attendance.member(behind: place)
    }
  }

  // MARK: Again

  /// Makes the history what a membership gets next. Returns whether it holds all that came after
  /// `since`.
  mutating func beginReplay(_ membership: Int, since: UInt64) -> Bool {
    let room = Int(attendance.memberships[membership].room)
    let nextID = attendance.rooms[room].nextID
    let oldest = nextID - UInt64(history.count(of: room))
    let isRecovered = since < nextID && since + 1 >= oldest
    attendance.setNext(isRecovered ? since + 1 : oldest, of: membership)
    return isRecovered
  }

  /// Sends what a membership is to get from the history, as much as there is room for; the rest
  /// follows when the outbox is empty.
  mutating func replay(_ membership: Int, _ mailroom: inout Mailroom) {
    let member = attendance.memberships[membership]
    guard member.isReplaying else { return }
    guard !member.wantsList else { return mailroom.waiting.insert(Int(member.connection)) }
    let (room, connection) = (Int(member.room), Int(member.connection))
    let nextID = attendance.rooms[room].nextID
    let oldest = nextID - UInt64(history.count(of: room))
    // What came since it began to wait was more than the room keeps.
    guard member.next >= oldest else { return mailroom.missed.insert(connection) }
    for id in member.next..<nextID {
      let place = Int(id - oldest)
      let size = history.size(of: room, place)
      guard mailroom.mayTellMore(size, to: connection) else {
        attendance.setNext(id, of: membership)
        return mailroom.waiting.insert(connection)
      }
      history.append(room, place, to: &mailroom.draft)
      mailroom.sendDraft(to: connection)
    }
    attendance.setNext(Membership.live, of: membership)
  }
}
