import Foundation
import Testing

@testable import TypedConnections

@Suite struct TestSessionsMemoryTests {
  @Test func theLongestMessageFits() throws {
    let long = String(repeating: "\u{1}", count: 64)
    let exam = Exam()
    let session = String(repeating: "s", count: 64)
    try exam.run(session)
    exam.open(0, long, session, name: long)
    exam.open(1, long, session)
    let value = String(repeating: "x", count: 400 - 2 - 4 - 64 * 6)
    let question = String(repeating: #"\u0001"#, count: 64)
    exam.answer("\"\(question)\"", "\"\(value)\"", 0)
    exam.submit(0)
    exam.land()
    let types = try exam.drain(1).map { $0["type"] as? String }
    #expect(types.suffix(2) == ["answer_sync", "submitted"])
    #expect(!exam.isFaulty(0) && !exam.isFaulty(1))
    let users = try #require(try exam.get(session)["participants"] as? [Any])
    #expect(users.count == 1)
  }

  @Test func moreOfAnythingTakesMore() {
    func count(_ change: (inout [Int]) -> Void) -> Int {
      var numbers = [10, 10, 10, 1024]
      change(&numbers)
      return TestSessions.byteCount(
        connections: numbers[0], sessions: numbers[1], participants: numbers[2],
        answersSize: numbers[3])
    }
    for place in 0..<4 { #expect(count { $0[place] *= 4 } > count { _ in }) }
  }

  @Test func whatIsHeldIsCounted() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    exam.answer("1", "\"\(String(repeating: "x", count: 100))\"", 0)
    exam.answer("2", "1", 0)
    let family = [
      exam.family.connectionCount, exam.family.sessionCount, exam.family.sessionPeak,
      exam.family.sessionCapacity, exam.family.participantCount, exam.family.participantPeak,
      exam.family.participantCapacity, exam.family.answerCount, exam.family.answerPeak,
      exam.family.answerCapacity, exam.family.answersInUse, exam.family.answersPeak,
      exam.family.answersCapacity,
    ]
    #expect(family == [2, 1, 1, 4, 1, 1, 8, 2, 2, 64, 192, 192, 4096])
    exam.close(0)
    exam.close(7)
    exam.family.removeAll()
    let empty = [
      exam.family.connectionCount, exam.family.sessionCount, exam.family.participantCount,
      exam.family.answerCount, exam.family.answersInUse,
    ]
    #expect(empty == [0, 0, 0, 0, 0])
  }
}
