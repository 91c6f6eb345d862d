/// One user in one room, by one connection or more.
@frozen public struct Presence: BitwiseCopyable {
  public let user: UInt32
  public let room: UInt32
  /// Among the room's presences, in order of joining.
  public internal(set) var links = Links()
  /// The newest of its memberships.
  public internal(set) var first = Links.none

  init(user: Int, room: Int) {
    self.user = UInt32(user)
    self.room = UInt32(room)
  }
}
