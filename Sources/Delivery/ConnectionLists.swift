public import Memory

/// Which connections belong to whom: a list for each owner, the newest connection first, woven
/// through one table.
///
/// Connections and owners are known by their places. A connection belongs to one owner at most.
public struct ConnectionLists: ~Copyable {
  /// Places are kept as one more, so that 0 says none. Public, because Swift 6.3 emits a broken
  /// module where another one destroys a table of a type that it cannot name.
  public struct Link: Zeroable {
    var owner: UInt32
    /// The owner's connections before and behind.
    var before: UInt32
    var behind: UInt32
  }

  private var links: FixedArray<Link>
  /// Per owner: the newest connection.
  private var firsts: FixedArray<UInt32>
  /// Connections that belong to somebody.
  public private(set) var count = 0

  /// - Parameters:
  ///   - connections: are numbered from 0 to this, less one.
  ///   - owners: are numbered so, too; both fit 31 bits.
  public init(connections: Int, owners: Int) {
    links = FixedArray(zeroed: connections)
    firsts = FixedArray(zeroed: owners)
  }

  /// Bytes of all that `init` takes for the same numbers.
  public static func byteCount(connections: Int, owners: Int) -> Int {
    connections * MemoryLayout<Link>.stride + owners * MemoryLayout<UInt32>.stride
  }

  /// - Parameter connection: belongs to nobody.
  public mutating func add(_ connection: Int, to owner: Int) {
    precondition(links[connection].owner == 0)
    let first = firsts[owner]
    links[connection] = Link(owner: ConnectionLists.link(owner), before: 0, behind: first)
    if let first = ConnectionLists.place(first) {
      links[first].before = ConnectionLists.link(connection)
    }
    firsts[owner] = ConnectionLists.link(connection)
    count += 1
  }

  /// Takes a connection from its owner, whom it returns; nil when it belongs to nobody.
  public mutating func remove(_ connection: Int) -> Int? {
    let link = links[connection]
    guard let owner = ConnectionLists.place(link.owner) else { return nil }
    if let before = ConnectionLists.place(link.before) {
      links[before].behind = link.behind
    } else {
      firsts[owner] = link.behind
    }
    if let behind = ConnectionLists.place(link.behind) { links[behind].before = link.before }
    links[connection] = Link(owner: 0, before: 0, behind: 0)
    count -= 1
    return owner
  }

  public func owner(of connection: Int) -> Int? { ConnectionLists.place(links[connection].owner) }

  /// The owner's newest connection; `connection(behind:)` gives the others.
  public func first(of owner: Int) -> Int? { ConnectionLists.place(firsts[owner]) }

  public func connection(behind connection: Int) -> Int? {
    ConnectionLists.place(links[connection].behind)
  }

  /// Connections of an owner, all of which are gone through: for reports, not for each message.
  public func count(of owner: Int) -> Int {
    var (count, next) = (0, first(of: owner))
    while let connection = next {
      count += 1
      next = self.connection(behind: connection)
    }
    return count
  }

  private static func place(_ link: UInt32) -> Int? { link == 0 ? nil : Int(link) &- 1 }
  private static func link(_ place: Int) -> UInt32 { UInt32(truncatingIfNeeded: place &+ 1) }
}
