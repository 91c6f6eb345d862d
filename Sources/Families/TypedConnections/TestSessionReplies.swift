import Delivery
import JSON
import Memory

/// What sessions say, as JSON in a draft (PROTOCOL.md, section 8).
extension ByteWriter {
  /// The members that tell how a session stands.
  ///
  /// - Parameter answered: by whoever asks, or by all.
  mutating func sessionState(
    _ session: borrowing TestSession, answered: UInt32, at now: Moment
  ) {
    member("session_id", session.id.bytes)
    member("state", session.state.name)
    sessionTimes(session, at: now)
    member("answered", UInt64(answered))
    member("participants", UInt64(session.participants))
  }

  /// - Parameter submitted: whether whoever asks is through, nil for who takes no part.
  mutating func sessionStatus(
    _ type: StaticString, _ session: borrowing TestSession, answered: UInt32, submitted: Bool?,
    at now: Moment
  ) {
    beginTyped(type)
    sessionState(session, answered: answered, at: now)
    if let submitted { member("submitted", submitted) }
    endTyped(at: now)
  }

  /// Whole seconds; what has begun counts.
  mutating func sessionTimes(_ session: borrowing TestSession, at now: Moment) {
    name("duration_seconds")
    if session.isPlaceholder { null() } else { integer(session.duration / 1000) }
    name("remaining_seconds")
    if let left = session.remaining(at: now) { integer((left + 999) / 1000) } else { null() }
  }

  mutating func timerUpdate(_ session: borrowing TestSession, at now: Moment) {
    beginTyped("timer_update")
    member("session_id", session.id.bytes)
    member("remaining_seconds", ((session.remaining(at: now) ?? 0) + 999) / 1000)
    endTyped(at: now)
  }

  private mutating func question(_ question: TestSessionQuestion) {
    name("question_id")
    if question.isNumber { raw(question.text.bytes) } else { string(question.text.bytes) }
  }

  mutating func answerSaved(
    _ session: ShortText, _ question: TestSessionQuestion, at now: Moment
  ) {
    beginTyped("answer_saved")
    member("session_id", session.bytes)
    self.question(question)
    endTyped(at: now)
  }

  mutating func answerSync(
    _ session: ShortText, _ user: ShortText, _ answer: borrowing TestSessionAnswer,
    in pool: borrowing SlotPool, at now: Moment
  ) {
    beginTyped("answer_sync")
    member("session_id", session.bytes)
    member("user_id", user.bytes)
    question(answer.question)
    name("answer")
    append(answer.value, in: pool)
    endTyped(at: now)
  }

  /// One member of an object of answers.
  mutating func answer(_ answer: borrowing TestSessionAnswer, in pool: borrowing SlotPool) {
    string(answer.question.text.bytes)
    append(UInt8(ascii: ":"))
    append(answer.value, in: pool)
  }
}
