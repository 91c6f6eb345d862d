import Delivery
import Memory
import WebSocket

/// What a connection gets from what is kept.
extension Notifications {
  /// Sends a connection what is unread and it has not got yet, as much as there is room for; the
  /// rest follows when its outbox is empty.
  mutating func replay(_ connection: Int, _ mailroom: inout Mailroom) {
    guard let user = lists.owner(of: connection), readers[connection].isBehind else { return }
    var next = kept.first(of: user, behind: readers[connection].seen)
    while let message = next {
      guard mailroom.mayTellMore(kept.size(of: message), to: connection) else {
        return mailroom.waiting.insert(connection)
      }
      kept.append(message, to: &mailroom.draft)
      mailroom.sendDraft(to: connection)
      if mailroom.missed.contains(connection) { return }
      readers[connection].seen = kept.id(ofMessage: message)
      next = kept.next(behind: message)
    }
    readers[connection].isBehind = false
  }
}
