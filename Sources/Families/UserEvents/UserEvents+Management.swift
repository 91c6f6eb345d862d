import Delivery
import Memory

/// What the memory plan and management count.
extension UserEvents {
  /// Bytes of an event beside its data, and more.
  static var envelope: Int { 128 }

  /// Bytes of all that `init` takes for the same numbers.
  public static func byteCount(connections: Int, users: Int, size: Int) -> Int {
    let users = max(users, connections + 1)
    return KeptMessages.byteCount(users: users, size: size)
      + ConnectionLists.byteCount(connections: connections, owners: users)
      + connections * MemoryLayout<Listener>.stride
  }

  /// Bytes of the longest message that user events send.
  ///
  /// - Parameter body: bytes of the longest body that is published.
  public static func longestMessage(body: Int) -> Int {
    // A byte of an id becomes two at most when it is escaped.
    body + envelope + 2 * ShortText.maximumSize
  }

  /// Bytes of the longest record.
  public static func longestRecord(body: Int) -> Int {
    KeptMessages.longestRecord(text: body + envelope)
  }

  /// Connections.
  public var connectionCount: Int { lists.count }
  /// Events that are held.
  public var heldCount: Int { kept.count }
  public var heldPeak: Int { kept.peak }
  public var heldCapacity: Int { kept.capacity }
  /// Users of whom something is known.
  public var userCount: Int { kept.userCount }
  public var userPeak: Int { kept.userPeak }
  public var userCapacity: Int { kept.userCapacity }
}
