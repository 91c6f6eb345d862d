import Memory

/// What the memory plan counts.
extension Rooms {
  /// Bytes of one room, its presences and the text of its history aside.
  public static func bytesPerRoom(history: Int) -> Int {
    MemoryLayout<Room>.stride + MemoryLayout<UInt32>.stride
      + RoomHistory.bytesPerRoom(limit: history)
  }

  /// Bytes of one connection in one room.
  public static var bytesPerMembership: Int {
    MemoryLayout<Membership>.stride + MemoryLayout<UInt32>.stride
  }

  /// Bytes of one user in one room.
  public static var bytesPerPresence: Int {
    MemoryLayout<Presence>.stride + MemoryLayout<UInt32>.stride
  }

  /// Bytes of all that `init` takes for the same numbers.
  public static func byteCount(
    connections: Int, rooms: Int, membersPerRoom: Int, roomsPerConnection: Int, history: Int,
    historySize: Int
  ) -> Int {
    let memberships = connections * roomsPerConnection
    let presences = min(memberships, rooms * membersPerRoom)
    return rooms * bytesPerRoom(history: history) + HashIndex.byteCount(capacity: rooms)
      + presences * bytesPerPresence + HashIndex.byteCount(capacity: presences)
      + memberships * bytesPerMembership + connections * 2 * MemoryLayout<UInt32>.stride
      + RoomHistory.bytesOfTexts(limit: history, size: historySize)
  }

  /// Bytes of the longest message that rooms send.
  ///
  /// - Parameter messageMaximum: bytes of the longest message that a client may send.
  public static func longestAnswer(membersPerRoom: Int, messageMaximum: Int) -> Int {
    // A byte becomes six at most when it is escaped; what else there is are names and numbers.
    let text = 6 * ShortText.maximumSize
    let rest = 256
    return max(membersPerRoom * (text + 3) + text, messageMaximum + 3 * text) + rest
  }
}
