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
    historySize: Int, messageMaximum: Int
  ) -> Int {
    let memberships = connections * roomsPerConnection
    let presences = presences(memberships, rooms: rooms, membersPerRoom: membersPerRoom)
    let size = Rooms.historySize(historySize, messageMaximum: messageMaximum)
    return rooms * bytesPerRoom(history: history) + HashIndex.byteCount(capacity: rooms)
      + presences * bytesPerPresence + HashIndex.byteCount(capacity: presences)
      + memberships * bytesPerMembership + connections * 2 * MemoryLayout<UInt32>.stride
      + RoomHistory.bytesOfTexts(limit: history, size: size)
  }

  /// The most users in rooms, each once for every room: a board's `Int` may not hold the product.
  static func presences(_ memberships: Int, rooms: Int, membersPerRoom: Int) -> Int {
    let (product, overflow) = rooms.multipliedReportingOverflow(by: membersPerRoom)
    return overflow ? memberships : min(memberships, product)
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
