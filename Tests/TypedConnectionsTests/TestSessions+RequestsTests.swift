import Delivery
import Foundation
import JSON
import Memory
import Testing

@testable import TypedConnections

@Suite struct TestSessionsRequestsTests {
  @Test func aSessionIsMadeChangedAndNotAnyMore() throws {
    let exam = Exam()
    #expect(exam.create("s", 60) == .created)
    #expect(exam.create("s", 90, autostart: true) == .changed)
    let told = try exam.get("s")
    #expect(told["duration_seconds"] as? Int == 90 && told["autostart"] as? Bool == true)
    #expect(told["remaining_seconds"] as? Int == 90 && told["state"] as? String == "waiting")
    #expect(exam.create("s", 60) == .changed)
    exam.open(7, "boss", isProctor: true)
    exam.start(7)
    #expect(exam.create("s", 60) == .refused(.running))
    exam.now.monotonic += 60_000
    #expect(exam.create("s", 60) == .refused(.submitted))
    #expect(exam.create("x", "{}") == .refused(.duration))
    #expect(exam.find("x") == nil)
  }

  @Test func aPlaceholderIsMadeInItsPlace() throws {
    let exam = Exam()
    exam.open(0, "ann")
    #expect(exam.find("s") == nil)
    #expect(exam.create("s", 60) == .created && exam.family.sessionCount == 1)
    exam.close(0)
    let users = try #require(try exam.get("s")["participants"] as? [[String: Any]])
    #expect(users.map { $0["user_id"] as? String } == ["ann"])
  }

  @Test func thereAreOnlySoManySessions() {
    let exam = Exam()
    for session in 0..<4 { #expect(exam.create("\(session)", 60) == .created) }
    #expect(exam.create("5", 60) == .refused(.tooManySessions))
    #expect(exam.create("3", 61) == .changed)
    #expect(exam.remove("3") == [] && exam.find("3") == nil)
    exam.settle()
    #expect(exam.create("5", 60) == .created)
  }

  @Test func aFullJournalMakesAndDeletesNothing() {
    var sizes = Exam.Sizes()
    (sizes.batchSize, sizes.sessions) = (240, 10)
    let exam = Exam(sizes)
    var made = 0
    while exam.create("\(made)", 60) == .created { made += 1 }
    #expect(made > 0 && made < 10 && exam.create("\(made)", 60) == .refused(.busy))
    #expect(exam.create("0", 61) == .refused(.busy))
    while exam.remove("0") != nil, exam.create("0", 60) == .created {}
    #expect(!exam.isTorn)
    exam.land()
    #expect(exam.create("z", 60) == .created)
  }

  @Test func allAnswersAreTold() throws {
    let exam = Exam()
    #expect(try emptySession(exam))
    try exam.run()
    exam.open(0, "ann", name: "A \"B\"")
    exam.open(1, "bob")
    exam.answer(#""a\"""#, #"{"x": [1,2]}"#, 0)
    exam.answer("2", "null", 0)
    exam.submit(0)
    exam.pass(500)
    let told = try exam.get("s")
    #expect(told["session_id"] as? String == "s" && told["state"] as? String == "running")
    #expect(told["remaining_seconds"] as? Int == 60)
    let users = try #require(told["participants"] as? [[String: Any]])
    #expect(users.map { $0["username"] as? String } == ["A \"B\"", "bob"])
    #expect(users.map { $0["submitted"] as? Bool } == [true, false])
    let answers = try #require(users.first?["answers"] as? [String: Any])
    #expect(answers["a\""] as? [String: [Int]] == ["x": [1, 2]] && answers["2"] is NSNull)
    #expect((users.last?["answers"] as? [String: Any])?.isEmpty == true)
    exam.now.monotonic += 60_000
    let over = try #require(try exam.get("s")["participants"] as? [[String: Any]])
    #expect(over.allSatisfy { $0["submitted"] as? Bool == true })
  }

  private func emptySession(_ exam: Exam) throws -> Bool {
    #expect(exam.create("empty", 60) == .created)
    return (try exam.get("empty")["participants"] as? [Any])?.isEmpty == true
  }

  @Test func whatIsDeletedMeanwhileIsGone() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    let place = try #require(exam.find("s"))
    var writer = ByteWriter(capacity: 4096)
    var cursor = exam.family.cursor(of: place)
    _ = exam.family.writeHead(cursor, at: exam.now, to: &writer)
    var piece = exam.family.writePiece(&cursor, to: &writer)
    #expect(piece == .more)
    _ = exam.remove("s")
    piece = exam.family.writePiece(&cursor, to: &writer)
    #expect(piece == .gone)
    for connection in [0, 7] { exam.close(connection) }
    exam.settle()
    piece = exam.family.writePiece(&cursor, to: &writer)
    #expect(piece == .gone)
    #expect(exam.create("t", 60) == .created && exam.find("t") == place)
    piece = exam.family.writePiece(&cursor, to: &writer)
    #expect(piece == .gone)
  }

  @Test func theStatusIsOneObject() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    exam.answer("1", "1", 0)
    let place = try #require(exam.find("s"))
    let text = Exam.written { exam.family.writeStatus(of: place, at: exam.now, to: &$0) }
    #expect(
      text == #"{"session_id":"s","state":"running","duration_seconds":60,"#
        + #""remaining_seconds":60,"answered":1,"participants":1,"autostart":false,"#
        + #""timestamp":"2025-07-10T10:30:00.000Z"}"#)
  }

  @Test func deletingTellsTheConnections() throws {
    let exam = Exam()
    try exam.run()
    for (connection, id) in ["ann", "bob", "ann"].enumerated() { exam.open(connection, id) }
    exam.open(3, "eve", "other")
    exam.open(4, "boss", isProctor: true)
    #expect(exam.remove("s") == [0, 1, 2, 4, 7])
    #expect(exam.remove("s") == nil && exam.remove("other") == nil)
    exam.pass(2000)
    #expect(try exam.events(0).filter { $0.hasPrefix("timer") }.isEmpty)
  }
}
