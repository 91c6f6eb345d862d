import Memory

extension Attendance {
  /// Takes a membership out. Returns whether it was the last one of its presence, which is then to
  /// be ended.
  public mutating func remove(_ membership: Int) -> Bool {
    let gone = memberships[membership]
    let (presence, connection) = (Int(gone.presence), Int(gone.connection))
    if let before = gone.siblings.before.place {
      memberships[before].siblings.behind = gone.siblings.behind
    } else {
      presences[presence].first = gone.siblings.behind
    }
    if let behind = gone.siblings.behind.place {
      memberships[behind].siblings.before = gone.siblings.before
    }
    if let before = gone.links.before.place {
      memberships[before].links.behind = gone.links.behind
    } else {
      firsts[connection] = gone.links.behind
    }
    if let behind = gone.links.behind.place {
      memberships[behind].links.before = gone.links.before
    }
    counts[connection] -= 1
    memberships.remove(at: membership)
    return presences[presence].first == Links.none
  }

  /// Takes a presence out that has no membership. Returns whether the room is empty, which is then
  /// to be freed.
  public mutating func end(_ presence: Int) -> Bool {
    let gone = presences[presence]
    let room = Int(gone.room)
    if let before = gone.links.before.place {
      presences[before].links.behind = gone.links.behind
    } else {
      rooms[room].first = gone.links.behind
    }
    if let behind = gone.links.behind.place {
      presences[behind].links.before = gone.links.before
    } else {
      rooms[room].last = gone.links.before
    }
    rooms[room].users -= 1
    presenceIndex.remove(presence, hash: hash(Int(gone.user), room))
    presences.remove(at: presence)
    return rooms[room].users == 0
  }

  /// Frees an empty room.
  public mutating func free(_ room: Int) {
    roomIndex.remove(room, hash: rooms[room].hash)
    rooms.remove(at: room)
  }
}
