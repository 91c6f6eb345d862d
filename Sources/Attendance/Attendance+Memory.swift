import Memory

/// What the memory plan counts.
extension Attendance {
  /// Bytes of one room, its presences aside.
  public static var bytesPerRoom: Int { MemoryLayout<Room>.stride + MemoryLayout<UInt32>.stride }

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
    connections: Int, rooms: Int, presences: Int, memberships: Int
  ) -> Int {
    rooms * bytesPerRoom + HashIndex.byteCount(capacity: rooms)
      + presences * bytesPerPresence + HashIndex.byteCount(capacity: presences)
      + memberships * bytesPerMembership + connections * 2 * MemoryLayout<UInt32>.stride
  }

  /// The most users in rooms, each once for every room: a board's `Int` may not hold the product.
  public static func presences(_ memberships: Int, rooms: Int, membersPerRoom: Int) -> Int {
    let (product, overflow) = rooms.multipliedReportingOverflow(by: membersPerRoom)
    return overflow ? memberships : min(memberships, product)
  }
}
