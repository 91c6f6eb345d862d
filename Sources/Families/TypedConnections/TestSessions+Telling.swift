public import Delivery
import Memory
import WebSocket

/// What a connection is told as it takes it.
extension TestSessions {
  public mutating func resumed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    feed(connection, now, &mailroom)
  }

  /// Sends what a connection is still to be told of, as much as there is room for; the rest follows
  /// when its outbox is empty.
  mutating func feed(_ connection: Int, _ now: Moment, _ mailroom: inout Mailroom) {
    guard let session = tables.session(of: connection), !tables.sessions[session].isGone else {
      return
    }
    let isDone: Bool
    if let participant = tables.devices[connection].participant.place {
      isDone =
        sendAnswers(of: participant, to: connection, now, &mailroom)
        && sendSubmission(of: participant, to: connection, now, &mailroom)
    } else {
      isDone = sendSubmissions(to: connection, now, &mailroom)
    }
    if isDone { sendTime(to: connection, now, &mailroom) }
  }

  // MARK: Answers

  private mutating func sendAnswers(
    of participant: Int, to connection: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) -> Bool {
    let session = Int(tables.participants[participant].session)
    // What was submitted comes whole, or has come.
    if tables.sessions[session].state != .running { tables.devices[connection].next = .none }
    while let answer = tables.devices[connection].next.place {
      mailroom.draft.answerSync(
        tables.sessions[session].id, tables.participants[participant].user,
        tables.answers[answer], in: tables.pool, at: now)
      guard mailroom.mayTellMore(mailroom.draft.count, to: connection) else {
        mailroom.draft.removeAll()
        mailroom.waiting.insert(connection)
        return false
      }
      mailroom.sendDraft(to: connection)
      tables.devices[connection].next = tables.answers[answer].behind
    }
    return true
  }

  // MARK: Time

  /// Tells all who are in a session what time is left; who takes nothing now is told the newest
  /// time as soon as it does, and none of those between.
  mutating func shareTime(of session: Int, _ now: Moment, _ mailroom: inout Mailroom) {
    mailroom.draft.timerUpdate(tables.sessions[session], at: now)
    let length = mailroom.draft.count + ServerFrameHeader.maximumSize
    let isShared = mailroom.shareDraft()
    var next = tables.firstConnection(of: session)
    while let connection = next {
      tables.devices[connection].wantsTime = false
      if isShared, TestSessions.mayTick(length, connection, &mailroom) {
        mailroom.sendShared(to: connection)
      } else if !mailroom.outboxes.isEmpty(connection) {
        tables.devices[connection].wantsTime = true
        mailroom.waiting.insert(connection)
      }
      next = tables.connection(behind: connection)
    }
  }

  /// Whether a connection may be told what time is left: that takes no more than half of its
  /// outbox.
  private static func mayTick(
    _ length: Int, _ connection: Int, _ mailroom: inout Mailroom
  ) -> Bool {
    !mailroom.blocked.contains(connection)
      && 2 * mailroom.outboxes.count(of: connection) < mailroom.places
      && mailroom.hasRoom(for: length, to: connection)
  }

  private mutating func sendTime(
    to connection: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) {
    guard tables.devices[connection].wantsTime,
      let session = tables.devices[connection].session.place
    else { return }
    tables.devices[connection].wantsTime = false
    mailroom.draft.timerUpdate(tables.sessions[session], at: now)
    let length = mailroom.draft.count + ServerFrameHeader.maximumSize
    guard TestSessions.mayTick(length, connection, &mailroom) else {
      mailroom.draft.removeAll()
      // Another one comes.
      guard !mailroom.outboxes.isEmpty(connection) else { return }
      tables.devices[connection].wantsTime = true
      return mailroom.waiting.insert(connection)
    }
    mailroom.sendDraft(to: connection)
  }
}
