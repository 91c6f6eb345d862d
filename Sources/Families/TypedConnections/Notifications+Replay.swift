import Delivery
import Memory
import WebSocket

/// What a connection gets from what is kept.
extension Notifications {
  /// Sends a connection what is unread and it has not got yet, as much as there is room for; the
  /// rest follows when its outbox is empty.
  mutating func replay(_ connection: Int, _ mailroom: inout Mailroom) {
    guard let user = readers.user(of: connection), readers[connection].isBehind else { return }
    var next = kept.first(of: user, behind: readers[connection].seen)
    while let message = next {
      guard Notifications.mayReplay(kept.size(of: message), to: connection, mailroom) else {
        return mailroom.waiting.insert(connection)
      }
      kept.append(message, to: &mailroom.draft)
      mailroom.sendDraft(to: connection)
      if mailroom.overfull.contains(connection) || mailroom.faulty.contains(connection) { return }
      readers[connection].seen = kept.id(ofMessage: message)
      next = kept.next(behind: message)
    }
    readers[connection].isBehind = false
  }

  /// Whether a message of `size` bytes may be sent again now: half of the outbox and of the pool
  /// stay free for what is live. To an empty outbox one always may: what finds no room then never
  /// will.
  private static func mayReplay(
    _ size: Int, to connection: Int, _ mailroom: borrowing Mailroom
  ) -> Bool {
    if mailroom.outboxes.isEmpty(connection) { return true }
    let length = ServerFrameHeader(.text, payloadSize: size).size + size
    return !mailroom.blocked.contains(connection)
      && 2 * mailroom.outboxes.count(of: connection) < mailroom.places
      && 2 * mailroom.outboxes.pool.available > mailroom.outboxes.pool.capacity
      && mailroom.hasRoom(for: length, to: connection)
  }
}
