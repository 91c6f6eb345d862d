import Delivery
import Memory
import Testing

@testable import TypedConnections

@Suite struct TestSessionRepliesTests {
  private let now = Moment(monotonic: 1000, wall: 1_752_143_400_000)
  private let time = #""timestamp":"2025-07-10T10:30:00.000Z"}"#

  private func session() -> TestSession {
    var session = TestSession(id: brief("s"), hash: 0, serial: 1)
    (session.key, session.duration, session.participants) = (1, 60_000, 2)
    return session
  }

  @Test func aPlaceholderHasNoTime() {
    let placeholder = TestSession(id: brief("a\"b"), hash: 0, serial: 1)
    let text = Exam.written {
      $0.beginObject()
      $0.sessionState(placeholder, answered: 0, at: now)
      $0.endObject()
    }
    #expect(
      text == #"{"session_id":"a\"b","state":"waiting","duration_seconds":null,"#
        + #""remaining_seconds":null,"answered":0,"participants":0}"#)
  }

  @Test(arguments: [nil, false, true] as [Bool?])
  func aStatusTellsOfASubmissionOfOnesOwn(_ submitted: Bool?) {
    let own = submitted.map { #""submitted":\#($0),"# } ?? ""
    let text = Exam.written {
      $0.sessionStatus("x", session(), answered: 3, submitted: submitted, at: now)
    }
    #expect(
      text == #"{"type":"x","session_id":"s","state":"waiting","duration_seconds":60,"#
        + #""remaining_seconds":60,"answered":3,"participants":2,"# + own + time)
  }

  @Test func aSecondThatHasBegunCounts() {
    var session = session()
    (session.state, session.end) = (.running, 3001)
    let text = Exam.written { $0.timerUpdate(session, at: now) }
    #expect(text == #"{"type":"timer_update","session_id":"s","remaining_seconds":3,"# + time)
    session.end = 3000
    let whole = Exam.written { $0.timerUpdate(session, at: now) }
    #expect(whole == #"{"type":"timer_update","session_id":"s","remaining_seconds":2,"# + time)
    session.end = 5
    let over = Exam.written { $0.timerUpdate(session, at: now) }
    #expect(over == #"{"type":"timer_update","session_id":"s","remaining_seconds":0,"# + time)
  }

  @Test func aQuestionStaysWhatItIs() {
    let head = #"{"type":"answer_saved","session_id":"s","question_id":"#
    let text = Exam.written {
      $0.answerSaved(brief("s"), TestSessionQuestion(brief("7")), at: now)
    }
    #expect(text == head + #""7","# + time)
    let number = Exam.written { $0.answerSaved(brief("s"), TestSessionQuestion(-7), at: now) }
    #expect(number == head + "-7," + time)
  }
}
