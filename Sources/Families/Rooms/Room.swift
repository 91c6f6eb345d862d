import Memory

/// One room: its name, the users present in it, and the id that its next message gets.
struct Room {
  let name: ShortText
  let hash: UInt32
  var nextID: UInt64
  /// Presences, in order of joining.
  var first = Links.none
  var last = Links.none
  var users: UInt32 = 0
}
