import Delivery
import Memory
import WebSocket

/// What was submitted when the time was over.
///
/// A user counts as told when the message has left for one of the devices. It is put down before:
/// whoever was told by a server that was killed then is not told twice, and a status says that all
/// was submitted.
extension TestSessions {
  /// Whether what has to be recorded before a participant is told finds room.
  func mayTell(of participant: Int, _ journal: borrowing Journal) -> Bool {
    tables.participants[participant].isPromised || mayWrite(0, of: participant, journal)
  }

  /// Whether the message waits to be sent to one of a participant's devices.
  func isBeingTold(_ participant: Int) -> Bool {
    var next = tables.participants[participant].firstDevice.place
    while let connection = next {
      if tables.devices[connection].submission == .sent { return true }
      next = tables.devices[connection].behind.place
    }
    return false
  }

  // MARK: To a participant

  /// Tells a participant's connection of its submission, if that is due, and notes when the message
  /// has left. Returns false when the rest has to wait for room.
  mutating func sendSubmission(
    of participant: Int, to connection: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) -> Bool {
    switch tables.devices[connection].submission {
    case .none, .done: return true
    case .sent:
      noteSubmission(of: participant, to: connection, &mailroom)
      return true
    case .due: break
    }
    let session = Int(tables.participants[participant].session)
    guard !tables.sessions[session].isUnwritten, mayTell(of: participant, mailroom.journal) else {
      tellAgain(session, at: now.monotonic + TestSessions.pause)
      return true
    }
    writeOwed(by: participant, now, &mailroom.journal)
    writeSubmission("auto_submit", participant, now, &mailroom.draft)
    guard mailroom.mayTellMore(mailroom.draft.count, to: connection) else {
      mailroom.draft.removeAll()
      mailroom.waiting.insert(connection)
      return false
    }
    let length = mailroom.draft.count + ServerFrameHeader.maximumSize
    if !mailroom.draft.overflowed, mailroom.hasRoom(for: length, to: connection) {
      tables.devices[connection].submission = .sent
      mailroom.waiting.insert(connection)
      promise(participant, &mailroom.journal)
    }
    mailroom.hold(connection)
    // Without room the connection is closed: another one is told.
    mailroom.sendDraft(to: connection)
    return true
  }

  /// Puts down that a participant is told.
  private mutating func promise(_ participant: Int, _ journal: inout Journal) {
    guard !tables.participants[participant].isPromised else { return }
    tables.participants[participant].isPromised = true
    write(participant: participant, &journal)
  }

  /// Notes that a participant was told, once the message has left.
  private mutating func noteSubmission(
    of participant: Int, to connection: Int, _ mailroom: inout Mailroom
  ) {
    guard mailroom.outboxes.isEmpty(connection) else { return mailroom.waiting.insert(connection) }
    tables.devices[connection].submission = .done
    tables.participants[participant].isTold = true
  }

  /// A connection goes: unless it has taken what it was sent, the participant's others are told.
  mutating func reconsider(
    _ device: TestSessionDevice, _ connection: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) {
    guard device.submission == .sent, let participant = device.participant.place,
      let session = device.session.place, !tables.sessions[session].isGone
    else { return }
    if mailroom.outboxes.isEmpty(connection) { tables.participants[participant].isTold = true }
    guard !tables.participants[participant].isTold, !isBeingTold(participant) else { return }
    var next = tables.participants[participant].firstDevice.place
    while let other = next {
      next = tables.devices[other].behind.place
      tables.devices[other].submission = .due
      feed(other, now, &mailroom)
    }
  }

  // MARK: To proctors

  /// Tells a proctor of one submission after the other.
  mutating func sendSubmissions(
    to connection: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) -> Bool {
    guard tables.devices[connection].submission == .due else { return true }
    while let participant = tables.devices[connection].next.place {
      if !tables.participants[participant].isSubmitted {
        writeSubmission("auto_submit", participant, now, &mailroom.draft)
        guard mailroom.mayTellMore(mailroom.draft.count, to: connection) else {
          mailroom.draft.removeAll()
          mailroom.waiting.insert(connection)
          return false
        }
        mailroom.sendDraft(to: connection)
      }
      tables.devices[connection].next = tables.participants[participant].behind
    }
    tables.devices[connection].submission = .done
    return true
  }
}
