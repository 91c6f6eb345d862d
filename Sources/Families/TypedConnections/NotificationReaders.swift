import Memory

/// A connection that gets a user's notifications.
public struct NotificationReader: BitwiseCopyable {
  static var none: UInt32 { .max }

  /// Place of the user, or `none` for a connection of another family.
  var user = NotificationReader.none
  /// The user's connections before and behind, or `none`.
  var before = NotificationReader.none
  var behind = NotificationReader.none
  /// Whether it has not got yet all that is unread.
  var isBehind = false
  /// While it is behind: what has a greater id it has not got.
  var seen: UInt64 = 0
}

/// The notifications connections of each user.
struct NotificationReaders: ~Copyable {
  private var readers: FixedArray<NotificationReader>
  /// Per user: the newest connection, or `none`.
  private var firsts: FixedArray<UInt32>
  private(set) var count = 0

  static func byteCount(connections: Int, users: Int) -> Int {
    connections * MemoryLayout<NotificationReader>.stride + users * MemoryLayout<UInt32>.stride
  }

  init(connections: Int, users: Int) {
    readers = FixedArray(repeating: NotificationReader(), count: connections)
    firsts = FixedArray(repeating: NotificationReader.none, count: users)
  }

  /// The state of a connection that was added.
  subscript(connection: Int) -> NotificationReader {
    get { readers[connection] }
    set { readers[connection] = newValue }
  }

  mutating func add(_ connection: Int, to user: Int) {
    precondition(readers[connection].user == NotificationReader.none)
    let first = firsts[user]
    readers[connection].user = UInt32(user)
    readers[connection].behind = first
    if first != NotificationReader.none { readers[Int(first)].before = UInt32(connection) }
    firsts[user] = UInt32(connection)
    count += 1
  }

  mutating func remove(_ connection: Int) {
    let gone = readers[connection]
    guard gone.user != NotificationReader.none else { return }
    if gone.before == NotificationReader.none {
      firsts[Int(gone.user)] = gone.behind
    } else {
      readers[Int(gone.before)].behind = gone.behind
    }
    if gone.behind != NotificationReader.none { readers[Int(gone.behind)].before = gone.before }
    readers[connection] = NotificationReader()
    count -= 1
  }

  func user(of connection: Int) -> Int? { NotificationReaders.place(readers[connection].user) }

  /// The user's newest connection; `connection(behind:)` gives the others.
  func firstConnection(of user: Int) -> Int? { NotificationReaders.place(firsts[user]) }

  func connection(behind connection: Int) -> Int? {
    NotificationReaders.place(readers[connection].behind)
  }

  private static func place(_ place: UInt32) -> Int? {
    place == NotificationReader.none ? nil : Int(place)
  }
}
