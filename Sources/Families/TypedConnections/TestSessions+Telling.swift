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
      guard TestSessions.mayTell(connection, mailroom) else {
        mailroom.draft.removeAll()
        mailroom.waiting.insert(connection)
        return false
      }
      mailroom.sendDraft(to: connection)
      tables.devices[connection].next = tables.answers[answer].behind
    }
    return true
  }

  /// Whether a connection may be told what is in the draft: half of the outbox and of the pool stay
  /// free for what is live. To an empty outbox one always may: what finds no room then never will.
  private static func mayTell(_ connection: Int, _ mailroom: borrowing Mailroom) -> Bool {
    if mailroom.outboxes.isEmpty(connection) { return true }
    let length = mailroom.draft.count + ServerFrameHeader.maximumSize
    return !mailroom.blocked.contains(connection)
      && 2 * mailroom.outboxes.count(of: connection) < mailroom.places
      && 2 * mailroom.outboxes.pool.available > mailroom.outboxes.pool.capacity
      && mailroom.hasRoom(for: length, to: connection)
  }

  // MARK: What was submitted when the time was over

  /// Tells a participant's connection of its submission, if that is due: the first one that is told
  /// tells the participant.
  mutating func sendSubmission(
    of participant: Int, to connection: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) -> Bool {
    guard tables.devices[connection].submission == .due else { return true }
    let session = Int(tables.participants[participant].session)
    let isTold = tables.participants[participant].isTold
    guard !tables.sessions[session].isUnwritten,
      isTold || mayWrite(0, of: participant, mailroom.journal)
    else {
      tellAgain(session, at: now.monotonic + TestSessions.pause)
      return true
    }
    writeSubmission("auto_submit", participant, now, &mailroom.draft)
    guard TestSessions.mayTell(connection, mailroom) else {
      mailroom.draft.removeAll()
      mailroom.waiting.insert(connection)
      return false
    }
    tables.devices[connection].submission = .done
    let length = mailroom.draft.count + ServerFrameHeader.maximumSize
    if !isTold, !mailroom.draft.overflowed, mailroom.hasRoom(for: length, to: connection) {
      tables.participants[participant].isTold = true
      tables.devices[connection].isWitness = true
      write(participant: participant, &mailroom.journal)
    }
    mailroom.hold(connection)
    mailroom.sendDraft(to: connection)
    return true
  }

  /// A connection goes: unless it has taken what it was told, its participant is told again.
  mutating func reconsider(
    _ device: TestSessionDevice, _ connection: Int, _ mailroom: inout Mailroom
  ) {
    guard device.isWitness, let participant = device.participant.place,
      !mailroom.outboxes.isEmpty(connection), mayWrite(mailroom.journal)
    else { return }
    var next = tables.participants[participant].firstDevice.place
    while let other = next {
      if tables.devices[other].submission == .done { return }
      next = tables.devices[other].behind.place
    }
    tables.participants[participant].isTold = false
    write(participant: participant, &mailroom.journal)
  }

  /// Tells a proctor of one submission after the other.
  private mutating func sendSubmissions(
    to connection: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) -> Bool {
    guard tables.devices[connection].submission == .due else { return true }
    while let participant = tables.devices[connection].next.place {
      if !tables.participants[participant].isSubmitted {
        writeSubmission("auto_submit", participant, now, &mailroom.draft)
        guard TestSessions.mayTell(connection, mailroom) else {
          mailroom.draft.removeAll()
          mailroom.waiting.insert(connection)
          return false
        }
        mailroom.hold(connection)
        mailroom.sendDraft(to: connection)
      }
      tables.devices[connection].next = tables.participants[participant].behind
    }
    tables.devices[connection].submission = .done
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
      if isShared, TestSessions.mayTick(length, connection, mailroom) {
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
    _ length: Int, _ connection: Int, _ mailroom: borrowing Mailroom
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
    guard TestSessions.mayTick(length, connection, mailroom) else {
      mailroom.draft.removeAll()
      // Another one comes.
      guard !mailroom.outboxes.isEmpty(connection) else { return }
      tables.devices[connection].wantsTime = true
      return mailroom.waiting.insert(connection)
    }
    mailroom.sendDraft(to: connection)
  }
}
