import Delivery
import Memory
import WebSocket

/// What a connection gets from what is kept.
extension UserEvents {
  /// Sends a connection what it has not got yet, as much as there is room for; the rest follows
  /// when its outbox is empty.
  mutating func replay(_ connection: Int, _ mailroom: inout Mailroom) {
    guard listeners[connection].isBehind, let user = lists.owner(of: connection) else { return }
    // What went since it began to wait it will never get.
    guard listeners[connection].seen >= kept.floor(of: user) else {
      return mailroom.missed.insert(connection)
    }
    var hasTold = false
    var next = kept.first(of: user, behind: listeners[connection].seen)
    while let message = next {
      if isWanted(message, by: connection) {
        guard mailroom.mayTellMore(kept.size(of: message), to: connection) else {
          mailroom.waiting.insert(connection)
          break
        }
        kept.append(message, to: &mailroom.draft)
        mailroom.sendDraft(to: connection)
        if mailroom.missed.contains(connection) { break }
        if tell(message, &mailroom.journal) { hasTold = true }
      }
      listeners[connection].seen = kept.id(ofMessage: message)
      next = kept.next(behind: message)
    }
    if hasTold { kept.put(user: user, &mailroom.journal) }
    if next == nil { listeners[connection].isBehind = false }
  }

  private func isWanted(_ message: Int, by connection: Int) -> Bool {
    let listener = listeners[connection]
    guard let kind = EventKind(rawValue: kept.mark(of: message)), listener.kinds.contains(kind)
    else { return false }
    return kept.id(ofMessage: message) > listener.untoldOnly || !kept.isTold(message)
  }

  /// Notes that a message was handed out, unless the journal has no room for that: then it may be
  /// handed out again.
  ///
  /// - Returns: whether the user's record is still to be put.
  private mutating func tell(_ message: Int, _ journal: inout Journal) -> Bool {
    guard !kept.isTold(message), kept.hasRoomToTell(message, in: journal) else { return false }
    if kept.setTold(message) { return true }
    kept.put(message, &journal)
    return false
  }
}
