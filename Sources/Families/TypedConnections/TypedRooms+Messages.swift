import Attendance
import Delivery
import Memory

/// What is said, and who is about to.
extension TypedRooms {
  /// Milliseconds between two times that others are told of one user's typing in one room.
  static var typingInterval: UInt64 { 1000 }

  mutating func say(
    _ type: StaticString, _ value: RawSpan, in name: ShortText, _ member: TypedMember,
    _ now: Moment, _ mailroom: inout Mailroom
  ) throws(TypedRoomRefusal) {
    let membership = try membership(of: member, in: name)
    let sender = TypedSender(member.user, of: mailroom.users)
    mailroom.draft.roomMessage(type, in: name, value, from: sender, at: now)
    mailroom.shareDraft()
    share(in: Int(attendance.memberships[membership].room), except: nil, &mailroom)
  }

  /// Tells the other users, as far as it costs nobody else's message its place: the news is worth
  /// nothing later, so nobody waits for it.
  mutating func type(
    in name: ShortText, _ member: TypedMember, _ now: Moment, _ mailroom: inout Mailroom
  ) throws(TypedRoomRefusal) {
    let membership = attendance.memberships[try membership(of: member, in: name)]
    let presence = Int(membership.presence)
    guard now.monotonic >= typingAgain[presence],
      2 * mailroom.outboxes.pool.available > mailroom.outboxes.pool.capacity
    else { return }
    typingAgain[presence] = now.monotonic + TypedRooms.typingInterval
    let user = TypedSender(member.user, of: mailroom.users)
    mailroom.draft.userNews("user_typing", in: name, user, at: now)
    guard mailroom.shareDraft() else { return }
    var next = attendance.firstMember(of: Int(membership.room))
    while let place = next {
      let other = attendance.memberships[place]
      let connection = Int(other.connection)
      if other.presence != membership.presence, TypedRooms.mayHear(connection, mailroom) {
        mailroom.sendShared(to: connection)
      }
      next = attendance.member(behind: place)
    }
  }

  /// Whether a connection takes what comes, and half of its outbox stays free for what it must get.
  private static func mayHear(_ connection: Int, _ mailroom: borrowing Mailroom) -> Bool {
    !mailroom.blocked.contains(connection)
      && 2 * mailroom.outboxes.count(of: connection) < mailroom.places
  }
}
