/// One connection in one room.
@frozen public struct Membership: BitwiseCopyable {
  /// `replayed` when nothing is left to be sent again.
  @inlinable public static var live: UInt64 { .max }

  public let connection: UInt32
  public let presence: UInt32
  public let room: UInt32
  /// Among those of the same presence.
  public internal(set) var siblings = Links()
  /// Among those of the same connection.
  public internal(set) var links = Links()
  /// The id of the next message that is to come from the history; until then none comes live.
  public internal(set) var next = Membership.live
  /// Whether the list of names waits for room; what is to be sent again comes behind it.
  public internal(set) var wantsList = false

  init(connection: Int, presence: Int, room: Int) {
    self.connection = UInt32(connection)
    self.presence = UInt32(presence)
    self.room = UInt32(room)
  }

  @inlinable public var isReplaying: Bool { next != Membership.live }
}
