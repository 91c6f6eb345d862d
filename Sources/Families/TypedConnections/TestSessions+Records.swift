public import Delivery
import Memory

/// What outlives the process.
///
/// Records name a session by its key: what a deleted one leaves behind is never taken for a part
/// of another session of its name.
extension TestSessions {
  static var isSubmittedBit: UInt8 { 1 }
  static var isToldBit: UInt8 { 2 }

  /// Bytes of the longest records, the value of an answer aside.
  static var sessionRecordSize: Int { textSize + 26 }
  static var participantRecordSize: Int { 2 * textSize + 9 }
  static var answerRecordSize: Int { 2 * textSize + 17 }
  private static var textSize: Int { ShortText.maximumSize + 1 }

  /// Bytes of the longest record.
  ///
  /// - Parameter participantSize: bytes of all answers of one participant.
  public static func longestRecord(participantSize: Int) -> Int {
    answerRecordSize + participantSize
  }

  // MARK: Room

  /// Whether one record finds room that is no answer.
  func mayWrite(_ journal: borrowing Journal) -> Bool {
    journal.hasRoom(for: 1, bytes: TestSessions.participantRecordSize)
  }

  /// Whether an answer of so many bytes finds room, and all that has to be recorded before.
  func mayWrite(_ size: Int, of participant: Int, _ journal: borrowing Journal) -> Bool {
    let bytes =
      TestSessions.sessionRecordSize + 2 * TestSessions.participantRecordSize
      + TestSessions.answerRecordSize
    return journal.hasRoom(for: 4, bytes: bytes + size)
  }

  // MARK: Writing

  /// Puts a session down if its record is older than it is. Returns false when there is no room.
  mutating func writeIfOld(_ session: Int, _ now: Moment, _ journal: inout Journal) -> Bool {
    guard tables.sessions[session].isUnwritten else { return true }
    guard mayWrite(journal) else { return false }
    newestTime = time(now)
    write(session: session, &journal)
    return true
  }

  mutating func write(session: Int, _ journal: inout Journal) {
    let key = tables.sessions[session].key
    journal.record.append(short: tables.sessions[session].id)
    journal.record.append(word: tables.sessions[session].duration)
    journal.record.append(tables.sessions[session].state.rawValue)
    journal.record.append(tables.sessions[session].startsItself ? 1 : 0 as UInt8)
    journal.record.append(word: tables.sessions[session].wallEnd)
    journal.record.append(word: newestTime)
    journal.put(.testSession, key: key)
    tables.sessions[session].isUnwritten = false
  }

  /// Gives a participant of a session that has a record one as well, or puts it anew.
  mutating func write(participant: Int, _ journal: inout Journal) {
    if tables.participants[participant].key == 0 {
      tables.participants[participant].key = journal.newKey()
    }
    let session = Int(tables.participants[participant].session)
    var bits: UInt8 = 0
    if tables.participants[participant].isSubmitted { bits |= TestSessions.isSubmittedBit }
    if tables.participants[participant].isPromised { bits |= TestSessions.isToldBit }
    journal.record.append(word: tables.sessions[session].key)
    journal.record.append(short: tables.participants[participant].user)
    journal.record.append(short: tables.participants[participant].name)
    journal.record.append(bits)
    journal.put(.participant, key: tables.participants[participant].key)
  }

  mutating func write(answer: Int, _ now: Moment, _ journal: inout Journal) {
    newestTime = time(now)
    write(answer: answer, &journal)
  }

  private func write(answer: Int, _ journal: inout Journal) {
    let participant = Int(tables.answers[answer].participant)
    let session = Int(tables.participants[participant].session)
    journal.record.append(word: tables.sessions[session].key)
    journal.record.append(short: tables.participants[participant].user)
    journal.record.append(word: newestTime)
    journal.record.append(tables.answers[answer].question.isNumber ? 1 : 0 as UInt8)
    journal.record.append(short: tables.answers[answer].question.text)
    journal.record.append(tables.answers[answer].value, in: tables.pool)
    journal.put(.answer, key: tables.answers[answer].key)
  }

  /// Puts down what has to stand before anything that a participant does.
  mutating func writeOwed(by participant: Int, _ now: Moment, _ journal: inout Journal) {
    _ = writeIfOld(Int(tables.participants[participant].session), now, &journal)
    if tables.participants[participant].key == 0 { write(participant: participant, &journal) }
  }

  // MARK: Anew

  public mutating func rewrite(from cursor: Int, _ journal: inout Journal) -> Int? {
    let sessions = tables.sessions.capacity
    let participants = sessions + tables.participants.capacity
    var cursor = cursor
    while cursor < tables.sessions.endIndex {
      if isKept(session: cursor) {
        guard mayWrite(journal) else { return cursor }
        write(session: cursor, &journal)
      }
      cursor += 1
    }
    cursor = max(cursor, sessions)
    while cursor < sessions + tables.participants.endIndex {
      let place = cursor - sessions
      if tables.participants.contains(place), tables.participants[place].key > 0,
        isKept(session: Int(tables.participants[place].session))
      {
        guard mayWrite(journal) else { return cursor }
        write(participant: place, &journal)
      }
      cursor += 1
    }
    cursor = max(cursor, participants)
    while cursor < participants + tables.answers.endIndex {
      let place = cursor - participants
      if tables.answers.contains(place), isKept(answer: place) {
        let size = TestSessions.answerRecordSize + Int(tables.answers[place].value.count)
        guard journal.hasRoom(for: 1, bytes: size) else { return cursor }
        write(answer: place, &journal)
      }
      cursor += 1
    }
    return nil
  }

  private func isKept(session: Int) -> Bool {
    tables.sessions.contains(session) && !tables.sessions[session].isGone
      && !tables.sessions[session].isPlaceholder
  }

  private func isKept(answer: Int) -> Bool {
    let participant = Int(tables.answers[answer].participant)
    return isKept(session: Int(tables.participants[participant].session))
  }
}
