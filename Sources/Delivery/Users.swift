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
  }

  private var users: Slab<User>
  private var index: HashIndex
  private var lists: ConnectionLists
  /// Users without a name of their own so far.
  private var anonymous: UInt64 = 0

  /// Bytes for each connection.
  public static func bytesPerConnection(_ connections: Int) -> Int {
    MemoryLayout<User>.stride + MemoryLayout<UInt32>.stride
      + ConnectionLists.byteCount(connections: 1, owners: 1)
      + HashIndex.byteCount(capacity: connections) / connections
  }

  /// - Parameters:
  ///   - connections: are numbered from 0 to this, less one.
  ///   - seed: random, and known to no peer.
  public init(connections: Int, seed: UInt64) {
    users = Slab(capacity: connections)
    index = HashIndex(capacity: connections, seed: seed)
    lists = ConnectionLists(connections: connections, owners: connections)
  }

  public mutating func touch() { users.touch() }

  // MARK: Coming and going

  /// - Parameters:
  ///   - id: 1 to 64 bytes.
  ///   - name: to show; the newest one given counts for all of the user's connections.
  public mutating func enter(_ connection: Int, id: ShortText, name: ShortText) {
    if let user = find(id.bytes) {
      users[user].name = name
      lists.add(connection, to: user)
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
    var text = InlineArray<64, UInt8>(repeating: 0)
    var (start, rest) = (64, number)
    repeat {
      start -= 1
      text[start] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    } while rest > 0
    let prefix = prefix.bytes
    start -= prefix.byteCount
    for offset in 0..<prefix.byteCount { text[start + offset] = prefix[offset] }
    return ShortText(prefixOf: text.span.raw.extracting(start..<64))
  }

  private mutating func make(
    _ connection: Int, _ id: ShortText, _ name: ShortText, isAnonymous: Bool
  ) {
    let hash = index.hash(id.bytes)
    let user = User(id: id, name: name, hash: hash, isAnonymous: isAnonymous)
    guard let place = users.insert(user) else { preconditionFailure("more users than connections") }
    index.insert(place, hash: hash)
    lists.add(connection, to: place)
  }

  /// Forgets a connection, and its user with the last one. Does nothing for one without a user.
  public mutating func leave(_ connection: Int) {
    guard let user = lists.remove(connection), lists.first(of: user) == nil else { return }
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
  public func user(of connection: Int) -> Int? { lists.owner(of: connection) }

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
  public func connectionCount(of user: Int) -> Int { lists.count(of: user) }

  /// The user's newest connection; `connection(behind:)` gives the others.
  public func firstConnection(of user: Int) -> Int? { lists.first(of: user) }

  public func connection(behind connection: Int) -> Int? { lists.connection(behind: connection) }
}
