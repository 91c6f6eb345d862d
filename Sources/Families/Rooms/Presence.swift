/// One user in one room, by one connection or more.
struct Presence {
  let user: UInt32
  let room: UInt32
  /// Among the room's presences, in order of joining.
  var links = Links()
  /// The newest of its memberships.
  var first = Links.none
}
