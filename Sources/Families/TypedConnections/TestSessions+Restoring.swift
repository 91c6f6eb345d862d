public import Delivery
import JSON
import Memory

/// What comes back after a restart. Times are taken from the clock, which may have stood still or
/// gone back: no time that a record tells is before now.
extension TestSessions {
  public mutating func restore(
    _ kind: RecordKind, key: UInt64, _ body: RawSpan, at now: Moment, _ mailroom: inout Mailroom
  ) -> Bool {
    switch kind {
    case .testSession: restoreSession(key, body, now)
    case .participant: restoreParticipant(key, body)
    case .answer: restoreAnswer(key, body, now)
    default: false
    }
  }

  private mutating func restoreSession(_ key: UInt64, _ body: RawSpan, _ now: Moment) -> Bool {
    var reader = RecordReader(body)
    guard let id = reader.shortText(), Identifier.isValid(id.bytes),
      let duration = reader.word(UInt64.self), 1000...86_400_000 ~= duration,
      let state = reader.word(UInt8.self).flatMap({ TestSessionState(rawValue: $0) }),
      let startsItself = reader.word(UInt8.self), startsItself < 2,
      let end = reader.word(UInt64.self), end < TestSessions.endOfTime,
      let written = reader.word(UInt64.self), written < TestSessions.endOfTime,
      reader.rest.byteCount == 0, key > 0, tables.find(key: key) == nil,
      tables.find(id.bytes) == nil, !tables.sessions.isFull
    else { return false }
    meet(written, now)
    let session = tables.makeSession(id)
    tables.settle(session, key: key)
    tables.sessions[session].duration = duration
    tables.sessions[session].state = state
    tables.sessions[session].startsItself = startsItself == 1
    tables.sessions[session].wallEnd = end
    resume(session, now)
    return true
  }

  /// The first millisecond that no timestamp can tell.
  private static var endOfTime: UInt64 { 253_402_300_800_000 }

  /// A record tells a time: if that is later than the clock's, it counts as now, and all that was
  /// restored has less time left.
  private mutating func meet(_ written: UInt64, _ now: Moment) {
    let before = time(now)
    newestTime = max(newestTime, written)
    guard time(now) > before else { return }
    for session in 0..<tables.sessions.endIndex where tables.sessions.contains(session) {
      if !tables.sessions[session].isPlaceholder { resume(session, now) }
    }
  }

  /// What is left of a session's time, or of its keeping, is left from now on.
  private mutating func resume(_ session: Int, _ now: Moment) {
    let (present, end) = (time(now), tables.sessions[session].wallEnd)
    switch tables.sessions[session].state {
    case .waiting: return
    case .running:
      let duration = tables.sessions[session].duration
      let left = min(duration, end > present ? end - present : 0)
      tables.sessions[session].end = now.monotonic + left
      tables.sessions[session].nextTick =
        now.monotonic + timerInterval - (duration - left) % timerInterval
    case .submitted:
      let age = present > end ? present - end : 0
      tables.sessions[session].end = now.monotonic + (keep > age ? keep - age : 0)
    }
    wake = min(wake, tables.sessions[session].due)
  }

  private mutating func restoreParticipant(_ key: UInt64, _ body: RawSpan) -> Bool {
    var reader = RecordReader(body)
    guard let session = reader.word(UInt64.self).flatMap({ tables.find(key: $0) }),
      let user = reader.shortText(), TestSessions.isText(user), !user.isEmpty,
      let name = reader.shortText(), TestSessions.isText(name),
      let bits = reader.word(UInt8.self), bits < 4, reader.rest.byteCount == 0, key > 0,
      !tables.participants.isFull, tables.participant(user, in: session) == nil
    else { return false }
    let place = tables.makeParticipant(user, name, in: session)
    tables.participants[place].key = key
    tables.participants[place].isSubmitted = bits & TestSessions.isSubmittedBit != 0
    tables.participants[place].isPromised = bits & TestSessions.isToldBit != 0
    tables.participants[place].isTold = tables.participants[place].isPromised
    return true
  }

  private mutating func restoreAnswer(_ key: UInt64, _ body: RawSpan, _ now: Moment) -> Bool {
    var reader = RecordReader(body)
    guard let session = reader.word(UInt64.self).flatMap({ tables.find(key: $0) }),
      let user = reader.shortText(), let participant = tables.participant(user, in: session),
      let written = reader.word(UInt64.self), written < TestSessions.endOfTime,
      let isNumber = reader.word(UInt8.self), isNumber < 2,
      let text = reader.shortText(), TestSessions.isText(text), !text.isEmpty
    else { return false }
    let question = TestSessionQuestion(text, isNumber: isNumber == 1)
    let value = reader.rest
    guard key > 0, isNumber == 0 || question.isWholeNumber, TestSessions.isValue(value),
      tables.answer(to: text, of: participant) == nil,
      Int(tables.participants[participant].answers) < answersPerParticipant,
      tables.participants[participant].size + question.size + value.byteCount <= participantSize,
      tables.hasRoom(for: value.byteCount, insteadOf: nil)
    else { return false }
    meet(written, now)
    _ = tables.makeAnswer(to: question, of: participant, key: key, value)
    return true
  }

  /// Whether bytes are one JSON value with nothing around it.
  private static func isValue(_ bytes: RawSpan) -> Bool {
    do throws(JSONError) {
      var json = JSONReader(bytes)
      let range = try json.skipValue()
      try json.end()
      return range == 0..<bytes.byteCount
    } catch {
      return false
    }
  }

  /// Whether a text is UTF-8.
  private static func isText(_ text: ShortText) -> Bool {
    var writer = ByteWriter(capacity: 6 * ShortText.maximumSize + 2)
    writer.string(text.bytes)
    return isValue(writer.bytes)
  }
}
