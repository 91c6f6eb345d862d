public import Memory

/// The people behind the connections: one user for all connections of one id, and one of its own
/// for each connection that gave none.
///
/// A user is known by its place, which it keeps while it has a connection.
public struct Users: ~Copyable {
  // Public, because Swift 6.3 emits a broken module where another one destroys a table of a type
  // that it cannot name.
  public struct User {
    let id: ShortText
    var name: ShortText
    let hash: UInt32
    /// Whether the id is the gateway's invention, which no token can claim.
    let isAnonymous: Bool
    var first: UInt32
    var connections: UInt32
  }

  public struct Entry: BitwiseCopyable {
    /// Place of the user, or `none`.
    var user: UInt32
    /// The user's connections before and behind, or `none`.
    var before: UInt32
    var behind: UInt32
  }

  private var users: Slab<User>
  private var index: HashIndex
  private var entries: FixedArray<Entry>
  /// Users without a name of their own so far.
  private var anonymous: UInt64 = 0

  private static var none: UInt32 { .max }

  /// Bytes for each connection.
  public static func bytesPerConnection(_ connections: Int) -> Int {
    MemoryLayout<User>.stride + MemoryLayout<UInt32>.stride + MemoryLayout<Entry>.stride
      + HashIndex.byteCount(capacity: connections) / connections
  }

  /// - Parameters:
  ///   - connections: are numbered from 0 to this, less one.
  ///   - seed: random, and known to no peer.
  public init(connections: Int, seed: UInt64) {
    users = Slab(capacity: connections)
    index = HashIndex(capacity: connections, seed: seed)
    let none = Users.none
    entries = FixedArray(
      repeating: Entry(user: none, before: none, behind: none), count: connections)
  }

  public mutating func touch() { users.touch() }

  // MARK: Coming and going

  /// - Parameters:
  ///   - id: 1 to 64 bytes.
  ///   - name: to show; the newest one given counts for all of the user's connections.
  public mutating func enter(_ connection: Int, id: ShortText, name: ShortText) {
    if let user = find(id.bytes) {
      users[user].name = name
      add(connection, to: user)
    } else {
      make(connection, id, name, isAnonymous: false)
    }
  }

  /// A user that gave no token: `anon-<n>`, and `guest-<n>` unless it gave a name.
  public mutating func enterAnonymously(_ connection: Int, name: ShortText?) {
    anonymous += 1
    let id = Users.text("anon-", anonymous)
    make(connection, id, name ?? Users.text("guest-", anonymous), isAnonymous: true)
  }

  /// Whether an id is one that only a user without a token has.
  public static func isGuest(_ id: ShortText) -> Bool {
    let prefix: StaticString = "anon-"
    let (bytes, start) = (id.bytes, prefix.bytes.byteCount)
    guard bytes.byteCount > start, bytes.extracting(0..<start).equals(prefix.bytes) else {
      return false
    }
    for place in start..<bytes.byteCount
    where bytes[place] < UInt8(ascii: "0") || bytes[place] > UInt8(ascii: "9") { return false }
    return true
  }

  private static func text(_ prefix: StaticString, _ number: UInt64) -> ShortText {
    var (digits, rest, text) = (InlineArray<64, UInt8>(repeating: 0), number, prefix.bytes)
    var place = 64
    repeat {
      place -= 1
      digits[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    } while rest > 0
    var whole = InlineArray<64, UInt8>(repeating: 0)
    let count = text.byteCount + 64 - place
    for offset in 0..<text.byteCount { whole[offset] = text[offset] }
    for offset in place..<64 { whole[text.byteCount + offset - place] = digits[offset] }
    text = whole.span.raw.extracting(0..<count)
    return ShortText(prefixOf: text)
  }

  private mutating func make(
    _ connection: Int, _ id: ShortText, _ name: ShortText, isAnonymous: Bool
  ) {
    let hash = index.hash(id.bytes)
    let user = User(
      id: id, name: name, hash: hash, isAnonymous: isAnonymous, first: Users.none, connections: 0)
    guard let place = users.insert(user) else { preconditionFailure("more users than connections") }
    index.insert(place, hash: hash)
    add(connection, to: place)
  }

  private mutating func add(_ connection: Int, to user: Int) {
    precondition(entries[connection].user == Users.none)
    let first = users[user].first
    entries[connection] = Entry(user: UInt32(user), before: Users.none, behind: first)
    if first != Users.none { entries[Int(first)].before = UInt32(connection) }
    users[user].first = UInt32(connection)
    users[user].connections += 1
  }

  /// Forgets a connection, and its user with the last one. Does nothing for one without a user.
  public mutating func leave(_ connection: Int) {
    let entry = entries[connection]
    guard entry.user != Users.none else { return }
    let user = Int(entry.user)
    if entry.before != Users.none {
      entries[Int(entry.before)].behind = entry.behind
    } else {
      users[user].first = entry.behind
    }
    if entry.behind != Users.none { entries[Int(entry.behind)].before = entry.before }
    entries[connection] = Entry(user: Users.none, before: Users.none, behind: Users.none)
    users[user].connections -= 1
    guard users[user].connections == 0 else { return }
    index.remove(user, hash: users[user].hash)
    users.remove(at: user)
  }

  // MARK: Asking

  /// Users with a connection.
  public var count: Int { users.count }

  /// The most that there were at once.
  public var peak: Int { users.peak }
  public var capacity: Int { users.capacity }

  /// Places of users lie below.
  public var endIndex: Int { users.endIndex }

  public func contains(_ user: Int) -> Bool { users.contains(user) }

  /// The user of a connection, nil when it has none.
  public func user(of connection: Int) -> Int? {
    let user = entries[connection].user
    return user == Users.none ? nil : Int(user)
  }

  /// The user that a token named so.
  public func find(_ id: RawSpan) -> Int? {
    var probe = index.probe(index.hash(id))
    while let user = index.next(&probe) {
      if !users[user].isAnonymous, users[user].id.bytes.equals(id) { return user }
    }
    return nil
  }

  public func id(of user: Int) -> ShortText { users[user].id }
  public func name(of user: Int) -> ShortText { users[user].name }
  public func isAnonymous(_ user: Int) -> Bool { users[user].isAnonymous }
  public func connectionCount(of user: Int) -> Int { Int(users[user].connections) }

  /// The user's newest connection; `connection(behind:)` gives the others.
  public func firstConnection(of user: Int) -> Int? { Users.place(users[user].first) }

  public func connection(behind connection: Int) -> Int? {
    Users.place(entries[connection].behind)
  }

  private static func place(_ place: UInt32) -> Int? { place == none ? nil : Int(place) }
}
