import Attendance
public import Memory

/// What management asks about general and chat connections and their rooms.
extension TypedRooms {
  /// Connections of one kind.
  public func connectionCount(_ scope: TypedRoomScope) -> Int {
    connectionCounts[Int(scope.rawValue)]
  }

  /// Rooms of one kind.
  public func roomCount(_ scope: TypedRoomScope) -> Int { roomCounts[Int(scope.rawValue)] }

  public var roomCount: Int { attendance.rooms.count }
  public var roomPeak: Int { attendance.rooms.peak }
  public var roomCapacity: Int { attendance.rooms.capacity }
  /// Connections in rooms, each once for every room.
  public var membershipCount: Int { attendance.memberships.count }
  public var membershipPeak: Int { attendance.memberships.peak }
  public var membershipCapacity: Int { attendance.memberships.capacity }

  /// Places of rooms lie below.
  public var roomEndIndex: Int { attendance.rooms.endIndex }

  public func containsRoom(at room: Int) -> Bool { attendance.rooms.contains(room) }

  public func find(_ room: RawSpan, _ scope: TypedRoomScope) -> Int? {
    attendance.find(room, scope: scope.rawValue)
  }

  public func name(ofRoom room: Int) -> ShortText { attendance.rooms[room].name }

  /// Of which kind a room is.
  public func scope(ofRoom room: Int) -> TypedRoomScope {
    attendance.rooms[room].scope == TypedRoomScope.general.rawValue ? .general : .chat
  }

  public func hasGeneralRoom(named name: RawSpan) -> Bool { find(name, .general) != nil }

  public func isChat(room: Int) -> Bool { scope(ofRoom: room) == .chat }

  /// Users in a room.
  public func memberCount(ofRoom room: Int) -> Int { Int(attendance.rooms[room].users) }

  /// Connections in a room.
  public func connectionCount(ofRoom room: Int) -> Int { attendance.connectionCount(of: room) }

  /// Whether a connection is in the room of its kind that has this name.
  public func isMember(_ connection: Int, of room: RawSpan) -> Bool {
    guard let scope = scope(of: connection), let room = find(room, scope) else { return false }
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
