import Delivery
import TestSupport
import Testing

@testable import TypedConnections

@Suite struct TestSessionsTests {
  @Test func theGreetingComesFirst() throws {
    let exam = Exam()
    exam.open(0, "ann")
    let objects = try exam.take(0)
    #expect(
      objects.map { $0["type"] as? String } == ["connection_established", "test_session_ready"])
    #expect(objects.first?["connection_id"] as? String == "test-session_ann_1")
    let ready = try #require(objects.last)
    #expect(ready["state"] as? String == "waiting" && ready["participants"] as? Int == 1)
    #expect(ready["remaining_seconds"] != nil && ready["remaining_seconds"] as? Int == nil)
    #expect(ready["duration_seconds"] as? Int == nil && ready["answered"] as? Int == 0)
  }

  @Test func aPlaceholderGoesWithItsLastConnection() throws {
    let exam = Exam()
    exam.open(0, "ann")
    exam.open(1, "ann")
    exam.open(2, "bob")
    #expect(exam.family.sessionCount == 1 && exam.family.participantCount == 2)
    exam.close(0)
    exam.close(2)
    #expect(exam.family.sessionCount == 1 && exam.family.participantCount == 1)
    exam.close(1)
    #expect(exam.family.sessionCount == 0 && exam.family.participantCount == 0)
    exam.land()
    #expect(exam.disk.isEmpty && exam.find("s") == nil)
  }

  @Test func placeholdersTakeHalfOfTheSessions() throws {
    let exam = Exam()
    for connection in 0..<2 { exam.open(connection, "ann", "p\(connection)") }
    #expect(!exam.hasRoom("p2", "ann") && exam.hasRoom("p1", "ann"))
    exam.open(2, "ann", "p2")
    #expect(exam.isOverfull(2) && exam.family.connectionCount == 2)
    for session in 0..<2 { #expect(exam.create("s\(session)", 60) == .created) }
    #expect(exam.create("s2", 60) == .refused(.tooManySessions))
    #expect(exam.hasRoom("s1", "ann"))
  }

  @Test func thereAreOnlySoManyParticipants() throws {
    var sizes = Exam.Sizes()
    sizes.participants = 2
    let exam = Exam(sizes)
    #expect(exam.create("s", 60) == .created)
    for (connection, id) in ["ann", "bob", "cid"].enumerated() { exam.open(connection, id) }
    #expect(exam.isOverfull(2) && !exam.isOverfull(1) && exam.family.participantCount == 2)
    exam.open(3, "ann")
    exam.open(4, "boss", isProctor: true)
    #expect(!exam.isOverfull(3) && !exam.isOverfull(4))
    exam.close(2)
    exam.close(0)
    exam.close(3)
    #expect(exam.family.participantCount == 2, "who took part stays")
  }

  @Test func whoComesTooLateDoesNotTakePart() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    exam.pass(60_000)
    try exam.forget()
    exam.open(1, "bob")
    #expect(
      try exam.events(1) == ["connection_established", "test_session_ready submitted 0"])
    #expect(exam.family.participantCount == 1)
    exam.answer("1", "1", 1)
    #expect(try exam.events(1) == ["error \(TestSessionRefusal.submitted.text)"])
  }

  @Test func theNewestNameCounts() throws {
    let exam = Exam()
    #expect(exam.create("s", 60) == .created)
    exam.open(0, "ann", name: "Ann")
    exam.open(1, "ann", name: "Anne")
    exam.land()
    exam.restart()
    let users = try #require(try exam.get("s")["participants"] as? [[String: Any]])
    #expect(users.map { $0["username"] as? String } == ["Anne"])
  }

  @Test func aConnectionOfAnotherFamilyIsNobody() {
    let exam = Exam()
    exam.family.closed(3, at: exam.now, &exam.mailroom)
    exam.family.resumed(3, at: exam.now, &exam.mailroom)
    #expect(exam.family.connectionCount == 0 && exam.family.session(of: 3) == nil)
  }

  /// Everything at random, against a model: no answer that was acknowledged is lost, each device
  /// ends with what its user answered last, and each participant is told once that the time is
  /// over.
  @Test(arguments: 1...30) func randomOperationsFollowTheModel(_ seed: UInt64) throws {
    var model = ExamModel(seed: seed)
    for _ in 0..<400 { try model.step() }
    try model.finish()
  }

  @Test func theModelMeetsEverything() throws {
    var met: [String: Int] = [:]
    for seed in 1...30 as ClosedRange<UInt64> {
      var model = ExamModel(seed: seed)
      for _ in 0..<400 { try model.step() }
      try model.finish()
      met.merge(model.met, uniquingKeysWith: +)
    }
    for kind in [
      "answer_saved", "answer_sync", "auto_submit", "submitted", "error", "timer_update",
      "session_status", "crash", "rewrite", "waiting", "overfull",
    ] {
      #expect(met[kind, default: 0] > 10, "\(kind)")
    }
  }
}
