import Delivery
import Memory

/// What the memory plan and management count.
extension Notifications {
  /// Bytes of a notification beside its title and its message, and more.
  static var envelope: Int { 160 }

  /// Bytes of all that `init` takes for the same numbers.
  public static func byteCount(connections: Int, users: Int, size: Int) -> Int {
    let users = Notifications.users(users, connections: connections)
    return KeptMessages.byteCount(users: users, size: size)
      + ConnectionLists.byteCount(connections: connections, owners: users)
      + connections * MemoryLayout<NotificationReader>.stride
  }

  /// Bytes of the longest message that notifications connections get.
  ///
  /// - Parameter body: bytes of the longest body that is published.
  public static func longestMessage(body: Int) -> Int {
    // An id stands twice in the greeting, and a byte of it becomes two at most when it is escaped.
    max(body + envelope, 4 * ShortText.maximumSize + 256)
  }

  /// Bytes of the longest record.
  public static func longestRecord(body: Int) -> Int {
    KeptMessages.longestRecord(text: body + envelope)
  }

  /// Connections.
  public var connectionCount: Int { lists.count }

  /// Whether a connection is one of ours.
  public func contains(_ connection: Int) -> Bool { lists.owner(of: connection) != nil }

  /// Unread notifications that are held.
  public var heldCount: Int { kept.count }
  public var heldPeak: Int { kept.peak }
  public var heldCapacity: Int { kept.capacity }
  /// Users with a connection or with unread notifications, and some that had.
  public var userCount: Int { kept.userCount }
  public var userPeak: Int { kept.userPeak }
  public var userCapacity: Int { kept.userCapacity }
}
