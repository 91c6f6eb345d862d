public import Memory

/// One room: its name, the users present in it, and the id that its next message gets.
@frozen public struct Room {
  public let name: ShortText
  /// What kind of room it is: those of two kinds are two, even with one name.
  public let scope: UInt8
  let hash: UInt32
  public internal(set) var nextID: UInt64
  /// Presences, in order of joining.
  public internal(set) var first = Links.none
  public internal(set) var last = Links.none
  public internal(set) var users: UInt32 = 0

  init(name: ShortText, scope: UInt8, hash: UInt32, nextID: UInt64) {
    self.name = name
    self.scope = scope
    self.hash = hash
    self.nextID = nextID
  }
}
