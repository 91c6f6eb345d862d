import Delivery
import JSON
import Memory

/// What is answered, and the end of one user's part.
extension TestSessions {
  /// The participant behind a connection, who may still change something.
  private func author(_ connection: Int) throws(TestSessionRefusal) -> Int {
    let device = tables.devices[connection]
    guard let session = device.session.place, !device.isProctor else { throw .notAParticipant }
    switch tables.sessions[session].state {
    case .waiting: throw .notRunning
    case .submitted: throw .submitted
    case .running: break
    }
    guard let participant = device.participant.place else { throw .notAParticipant }
    guard !tables.participants[participant].isSubmitted else { throw .submitted }
    return participant
  }

  // MARK: An answer

  mutating func take(
    _ message: TestSessionMessage, _ payload: RawSpan, _ connection: Int, _ now: Moment,
    _ mailroom: inout Mailroom
  ) throws(TestSessionRefusal) {
    let participant = try author(connection)
    let question = try message.question()
    let value = payload.extracting(try message.answer())
    let known = tables.answer(to: question.text, of: participant)
    try allow(value, question, participant, known)
    guard tables.hasRoom(for: value.byteCount, insteadOf: known),
      mayWrite(value.byteCount, of: participant, mailroom.journal)
    else { throw .noRoom }
    writeOwed(by: participant, now, &mailroom.journal)
    let answer: Int
    if let known {
      tables.replace(known, by: value)
      answer = known
    } else {
      let key = mailroom.journal.newKey()
      answer = tables.makeAnswer(to: question, of: participant, key: key, value)
    }
    write(answer: answer, now, &mailroom.journal)
    let id = tables.sessions[Int(tables.participants[participant].session)].id
    mailroom.hold(connection)
    mailroom.draft.answerSaved(id, question, at: now)
    mailroom.sendDraft(to: connection)
    share(answer, except: connection, now, &mailroom)
  }

  private func allow(
    _ value: RawSpan, _ question: TestSessionQuestion, _ participant: Int, _ known: Int?
  ) throws(TestSessionRefusal) {
    var size = tables.participants[participant].size + value.byteCount
    if let known {
      size -= Int(tables.answers[known].value.count)
    } else {
      guard Int(tables.participants[participant].answers) < answersPerParticipant else {
        throw .tooManyAnswers
      }
      size += question.size
    }
    guard size <= participantSize else { throw .tooLarge }
  }

  /// Tells the participant's other devices and the proctors of an answer. Who is still to be told
  /// of it in its turn is not told now.
  private func share(
    _ answer: Int, except sender: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) {
    let participant = Int(tables.answers[answer].participant)
    let session = Int(tables.participants[participant].session)
    mailroom.draft.answerSync(
      tables.sessions[session].id, tables.participants[participant].user,
      tables.answers[answer], in: tables.pool, at: now)
    mailroom.shareDraft()
    var next = tables.participants[participant].firstDevice.place
    while let connection = next {
      if connection != sender, !isToCome(answer, connection) {
        mailroom.sendShared(to: connection)
      }
      next = tables.devices[connection].behind.place
    }
    shareWithProctors(session, &mailroom)
  }

  /// Whether a device is still to be told of an answer in its turn.
  private func isToCome(_ answer: Int, _ connection: Int) -> Bool {
    guard let next = tables.devices[connection].next.place else { return false }
    return tables.answers[next].order <= tables.answers[answer].order
  }

  private func shareWithProctors(_ session: Int, _ mailroom: inout Mailroom) {
    var next = tables.sessions[session].firstOther.place
    while let connection = next {
      if tables.devices[connection].isProctor { mailroom.sendShared(to: connection) }
      next = tables.devices[connection].behind.place
    }
  }

  // MARK: Submitting

  mutating func submit(
    _ connection: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) throws(TestSessionRefusal) {
    let participant = try author(connection)
    guard mayWrite(0, of: participant, mailroom.journal) else { throw .noRoom }
    writeOwed(by: participant, now, &mailroom.journal)
    tables.participants[participant].isSubmitted = true
    write(participant: participant, &mailroom.journal)
    let session = Int(tables.participants[participant].session)
    hold(session, participant, &mailroom)
    writeSubmission("submitted", participant, now, &mailroom.draft)
    mailroom.shareDraft()
    var next = tables.participants[participant].firstDevice.place
    while let connection = next {
      // The message has all answers: none of them is to come alone.
      tables.devices[connection].next = .none
      mailroom.sendShared(to: connection)
      next = tables.devices[connection].behind.place
    }
    shareWithProctors(session, &mailroom)
  }

  /// Holds a participant's devices and the proctors until what was written is on disk.
  private func hold(_ session: Int, _ participant: Int, _ mailroom: inout Mailroom) {
    var next = tables.participants[participant].firstDevice.place
    while let connection = next {
      mailroom.hold(connection)
      next = tables.devices[connection].behind.place
    }
    next = tables.sessions[session].firstOther.place
    while let connection = next {
      if tables.devices[connection].isProctor { mailroom.hold(connection) }
      next = tables.devices[connection].behind.place
    }
  }

  /// A message with all answers of a participant.
  func writeSubmission(
    _ type: StaticString, _ participant: Int, _ now: Moment, _ draft: inout ByteWriter
  ) {
    let session = Int(tables.participants[participant].session)
    draft.beginTyped(type)
    draft.member("session_id", tables.sessions[session].id.bytes)
    draft.member("user_id", tables.participants[participant].user.bytes)
    draft.name("answers")
    draft.beginObject()
    var next = tables.participants[participant].firstAnswer.place
    while let answer = next {
      draft.answer(tables.answers[answer], in: tables.pool)
      next = tables.answers[answer].behind.place
    }
    draft.endObject()
    draft.endTyped(at: now)
  }
}
