public import Memory

/// A connection that gets a user's notifications.
public struct NotificationReader: Zeroable {
  /// Whether it has not got yet all that is unread.
  var isBehind: Bool
  /// While it is behind: what has a greater id it has not got.
  var seen: UInt64
}
