import Attendance
public import Memory

/// What management asks about rooms.
extension Rooms {
  public var roomCount: Int { attendance.rooms.count }
  public var roomPeak: Int { attendance.rooms.peak }
  public var roomCapacity: Int { attendance.rooms.capacity }
  /// Connections in rooms, each once for every room.
  public var membershipCount: Int { attendance.memberships.count }
  public var membershipPeak: Int { attendance.memberships.peak }
  public var membershipCapacity: Int { attendance.memberships.capacity }
  /// Bytes of slots that hold messages.
  public var historyInUse: Int {
    (history.pool.capacity - history.pool.available) * history.pool.slotSize
  }
  public var historyPeak: Int { history.pool.peak * history.pool.slotSize }
  public var historyCapacity: Int {
    history.limit == 0 ? 0 : history.pool.capacity * history.pool.slotSize
  }

  /// Places of rooms lie below.
  public var roomEndIndex: Int { attendance.rooms.endIndex }

  public func containsRoom(at room: Int) -> Bool { attendance.rooms.contains(room) }

  public func find(_ room: RawSpan) -> Int? { attendance.find(room) }

  public func name(ofRoom room: Int) -> ShortText { attendance.rooms[room].name }

  /// Users in a room.
  public func memberCount(ofRoom room: Int) -> Int { Int(attendance.rooms[room].users) }

  /// Connections in a room.
  public func connectionCount(ofRoom room: Int) -> Int {
    attendance.connectionCount(of: room)
  }

  public func isMember(_ connection: Int, of room: RawSpan) -> Bool {
    guard let room = find(room) else { return false }
    return attendance.membership(of: connection, in: room) != nil
  }

  /// The newest membership of a connection; `membership(behind:)` gives the others.
  public func firstMembership(of connection: Int) -> Int? {
    attendance.firstMembership(of: connection)
  }

  public func membership(behind membership: Int) -> Int? {
    attendance.membership(behind: membership)
  }

  /// The room of a membership.
  public func room(of membership: Int) -> Int { Int(attendance.memberships[membership].room) }
}
