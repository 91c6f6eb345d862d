public import Memory

/// Who is in which room: rooms, the users present in them, and the connections by which they are.
public struct Attendance: ~Copyable {
  public internal(set) var rooms: Slab<Room>
  public internal(set) var presences: Slab<Presence>
  public internal(set) var memberships: Slab<Membership>
  var roomIndex: HashIndex
  var presenceIndex: HashIndex
  /// Per connection: its newest membership, or `none`.
  var firsts: FixedArray<UInt32>
  /// Per connection: its memberships.
  var counts: FixedArray<UInt32>

  /// - Parameters:
  ///   - presences: at least as many as can be.
  ///   - memberships: at least as many as can be.
  public init(connections: Int, rooms: Int, presences: Int, memberships: Int, seed: UInt64) {
    self.rooms = Slab(capacity: rooms)
    self.presences = Slab(capacity: presences)
    self.memberships = Slab(capacity: memberships)
    roomIndex = HashIndex(capacity: rooms, seed: seed)
    presenceIndex = HashIndex(capacity: presences, seed: ~seed)
    firsts = FixedArray(repeating: Links.none, count: connections)
    counts = FixedArray(zeroed: connections)
  }

  public mutating func touch() {
    rooms.touch()
    presences.touch()
    memberships.touch()
  }

  // MARK: Asking

  /// The room of a name among those of one kind.
  public func find(_ name: RawSpan, scope: UInt8 = 0) -> Int? {
    var probe = roomIndex.probe(hash(name, scope))
    while let room = roomIndex.next(&probe) {
      if rooms[room].scope == scope, rooms[room].name.bytes.equals(name) { return room }
    }
    return nil
  }

  private func hash(_ name: RawSpan, _ scope: UInt8) -> UInt32 {
    // The golden ratio spreads the few kinds over the index (Knuth, 6.4).
    roomIndex.hash(name) ^ UInt32(scope) &* 0x9E37_79B9
  }

  /// The presence of a user in a room.
  public func presence(of user: Int, in room: Int) -> Int? {
    var probe = presenceIndex.probe(hash(user, room))
    while let presence = presenceIndex.next(&probe) {
      if presences[presence].user == UInt32(user), presences[presence].room == UInt32(room) {
        return presence
      }
    }
    return nil
  }

  func hash(_ user: Int, _ room: Int) -> UInt32 {
    presenceIndex.hash(UInt64(user) << 32 | UInt64(room))
  }

  public func membershipCount(of connection: Int) -> Int { Int(counts[connection]) }

  /// The newest membership of a connection; `membership(behind:)` gives the others.
  public func firstMembership(of connection: Int) -> Int? { firsts[connection].place }

  public func membership(behind membership: Int) -> Int? {
    memberships[membership].links.behind.place
  }

  public func membership(of connection: Int, in room: Int) -> Int? {
    var next = firstMembership(of: connection)
    while let membership = next {
      if memberships[membership].room == UInt32(room) { return membership }
      next = self.membership(behind: membership)
    }
    return nil
  }

  // MARK: Walking

  /// The newest membership of a room's earliest user; `member(behind:)` gives the others.
  @inlinable public func firstMember(of room: Int) -> Int? {
    guard let presence = rooms[room].first.place else { return nil }
    return presences[presence].first.place
  }

  /// The next membership of the same room: user by user, in order of joining.
  @inlinable public func member(behind membership: Int) -> Int? {
    if let sibling = memberships[membership].siblings.behind.place { return sibling }
    let presence = Int(memberships[membership].presence)
    guard let next = presences[presence].links.behind.place else { return nil }
    return presences[next].first.place
  }

  /// Connections in a room.
  public func connectionCount(of room: Int) -> Int {
    var (count, next) = (0, firstMember(of: room))
    while let membership = next {
      count += 1
      next = member(behind: membership)
    }
    return count
  }

  // MARK: Coming

  /// An empty room, for which there must be a place.
  public mutating func makeRoom(_ name: ShortText, scope: UInt8 = 0, nextID: UInt64) -> Int {
    let hash = hash(name.bytes, scope)
    let empty = Room(name: name, scope: scope, hash: hash, nextID: nextID)
    guard let room = rooms.insert(empty) else {
      preconditionFailure("a room was not asked for")
    }
    roomIndex.insert(room, hash: hash)
    return room
  }

  /// The presence of a user who is not in the room yet, without a membership.
  public mutating func enter(_ user: Int, _ room: Int) -> Int {
    let last = rooms[room].last
    var presence = Presence(user: user, room: room)
    presence.links.before = last
    guard let place = presences.insert(presence) else {
      preconditionFailure("more presences than users in rooms")
    }
    if let before = last.place {
      presences[before].links.behind = UInt32(place)
    } else {
      rooms[room].first = UInt32(place)
    }
    rooms[room].last = UInt32(place)
    rooms[room].users += 1
    presenceIndex.insert(place, hash: hash(user, room))
    return place
  }

  /// Makes a connection, which is not in the room yet, share in a presence.
  public mutating func add(_ connection: Int, to presence: Int) -> Int {
    var membership = Membership(
      connection: connection, presence: presence, room: Int(presences[presence].room))
    membership.siblings.behind = presences[presence].first
    membership.links.behind = firsts[connection]
    guard let place = memberships.insert(membership) else {
      preconditionFailure("more memberships than connections may have")
    }
    if let behind = presences[presence].first.place {
      memberships[behind].siblings.before = UInt32(place)
    }
    presences[presence].first = UInt32(place)
    if let behind = firsts[connection].place { memberships[behind].links.before = UInt32(place) }
    firsts[connection] = UInt32(place)
    counts[connection] += 1
    return place
  }

  /// Notes which message a membership gets next from the history, or that it is `live`.
  public mutating func setWantsList(_ wants: Bool, of membership: Int) {
    memberships[membership].wantsList = wants
  }

  public mutating func setNext(_ id: UInt64, of membership: Int) {
    memberships[membership].next = id
  }

  /// Gives the id of a new message.
  public mutating func takeID(in room: Int) -> UInt64 {
    defer { rooms[room].nextID += 1 }
    return rooms[room].nextID
  }
}
