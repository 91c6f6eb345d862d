import Attendance
import Memory

/// What the memory plan counts.
extension TypedRooms {
  /// Bytes of all that `init` takes for the same numbers.
  public static func byteCount(
    connections: Int, rooms: Int, membersPerRoom: Int, roomsPerConnection: Int
  ) -> Int {
    let memberships = connections * roomsPerConnection
    let presences = Attendance.presences(
      memberships, rooms: rooms, membersPerRoom: membersPerRoom)
    return Attendance.byteCount(
      connections: connections, rooms: rooms, presences: presences, memberships: memberships)
      + connections * (MemoryLayout<UInt8>.stride + MemoryLayout<ShortText>.stride)
      + presences * MemoryLayout<UInt64>.stride
  }

  /// Bytes of the longest message that general and chat connections get.
  ///
  /// - Parameter messageMaximum: bytes of the longest message that a client may send.
  public static func longestAnswer(messageMaximum: Int) -> Int {
    // Names hold no control characters, so a byte becomes two at most when it is escaped: a room's,
    // and a user's two. The rest is names of members and numbers.
    messageMaximum + 3 * 2 * ShortText.maximumSize + 256
  }
}
