/// One connection in one room.
struct Membership {
  /// `replayed` when nothing is left to be sent again.
  static var live: UInt64 { .max }

  let connection: UInt32
  let presence: UInt32
  let room: UInt32
  /// Among those of the same presence.
  var siblings = Links()
  /// Among those of the same connection.
  var links = Links()
  /// The id of the next message that is to come from the history; until then none comes live.
  var next = Membership.live
  /// Whether the list of names waits for room; what is to be sent again comes behind it.
  var wantsList = false

  init(connection: Int, presence: Int, room: Int) {
    self.connection = UInt32(connection)
    self.presence = UInt32(presence)
    self.room = UInt32(room)
  }

  var isReplaying: Bool { next != Membership.live }
}
