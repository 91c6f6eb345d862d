import Memory

/// A connection that listens to a user's events.
public struct Listener: BitwiseCopyable {
  static var none: UInt32 { .max }

  /// Place of the user, or `none` for a connection of another family.
  var user = Listener.none
  /// The user's connections before and behind, or `none`.
  var before = Listener.none
  var behind = Listener.none
  /// Bits of `EventKinds`.
  var kinds = EventKinds.all
  /// Whether the client has said which kinds it wants.
  var hasChosen = false
  /// Whether it has not got yet all that is held.
  var isBehind = false
  /// It got, or did not want, all up to this id.
  var seen: UInt64 = 0
  /// Up to this id it gets only what nobody else got.
  var untoldOnly: UInt64 = 0
}

/// The connections of each user that belong to this family.
struct Listeners: ~Copyable {
  private var listeners: FixedArray<Listener>
  /// Per user: the newest connection, or `none`.
  private var firsts: FixedArray<UInt32>
  private(set) var count = 0

  static func byteCount(connections: Int, users: Int) -> Int {
    connections * MemoryLayout<Listener>.stride + users * MemoryLayout<UInt32>.stride
  }

  init(connections: Int, users: Int) {
    listeners = FixedArray(repeating: Listener(), count: connections)
    firsts = FixedArray(repeating: Listener.none, count: users)
  }

  /// One listener's state, without a user for a connection of another family.
  subscript(connection: Int) -> Listener {
    get { listeners[connection] }
    set { listeners[connection] = newValue }
  }

  mutating func add(_ connection: Int, to user: Int) {
    precondition(listeners[connection].user == Listener.none)
    let first = firsts[user]
    listeners[connection] = Listener()
    listeners[connection].user = UInt32(user)
    listeners[connection].behind = first
    if first != Listener.none { listeners[Int(first)].before = UInt32(connection) }
    firsts[user] = UInt32(connection)
    count += 1
  }

  mutating func remove(_ connection: Int) {
    let gone = listeners[connection]
    guard let user = user(of: connection) else { return }
    if gone.before == Listener.none {
      firsts[user] = gone.behind
    } else {
      listeners[Int(gone.before)].behind = gone.behind
    }
    if gone.behind != Listener.none { listeners[Int(gone.behind)].before = gone.before }
    listeners[connection] = Listener()
    count -= 1
  }

  func user(of connection: Int) -> Int? { Listeners.place(listeners[connection].user) }

  /// The user's newest connection; `connection(behind:)` gives the others.
  func firstConnection(of user: Int) -> Int? { Listeners.place(firsts[user]) }

  func connection(behind connection: Int) -> Int? { Listeners.place(listeners[connection].behind) }

  private static func place(_ place: UInt32) -> Int? { place == Listener.none ? nil : Int(place) }
}
