import Attendance
import Memory

/// What the memory plan counts.
extension Rooms {
  /// Bytes of all that `init` takes for the same numbers.
  public static func byteCount(
    connections: Int, rooms: Int, membersPerRoom: Int, roomsPerConnection: Int, history: Int,
    historySize: Int, messageMaximum: Int
  ) -> Int {
    let memberships = connections * roomsPerConnection
    let presences = Attendance.presences(memberships, rooms: rooms, membersPerRoom: membersPerRoom)
    let size = Rooms.historySize(historySize, messageMaximum: messageMaximum)
    return Attendance.byteCount(
      connections: connections, rooms: rooms, presences: presences, memberships: memberships)
      + rooms * RoomHistory.bytesPerRoom(limit: history)
      + RoomHistory.bytesOfTexts(limit: history, size: size)
  }

  /// Bytes for the messages of all rooms: what the operator says, and no less than one message.
  static func historySize(_ size: Int, messageMaximum: Int) -> Int {
    max(size, longestMessage(messageMaximum) + RoomHistory.slotSize)
  }

  private static func longestMessage(_ messageMaximum: Int) -> Int {
    messageMaximum + 3 * escapedName + rest
  }

  /// Names hold no control characters, so a byte becomes two at most when it is escaped.
  private static let escapedName = 2 * ShortText.maximumSize
  /// Names of members and numbers of any message.
  private static let rest = 256

  /// Bytes of the longest message that rooms send.
  ///
  /// - Parameter messageMaximum: bytes of the longest message that a client may send.
  public static func longestAnswer(membersPerRoom: Int, messageMaximum: Int) -> Int {
    let userList = membersPerRoom * (escapedName + 3) + escapedName + rest
    return max(userList, longestMessage(messageMaximum))
  }
}
