import Testing

@testable import TypedConnections

@Suite struct TestSessionsTimeTests {
  @Test func aSessionTicksFromItsStart() throws {
    let exam = Exam()
    #expect(exam.create("s", 3) == .created)
    exam.open(7, "boss", isProctor: true)
    exam.pass(300)
    exam.start(7)
    try exam.forget()
    let start = exam.now.monotonic
    #expect(exam.family.wakeUp == start + 1000)
    exam.pass(999)
    #expect(try exam.events(7).isEmpty)
    exam.pass(1)
    let update = try #require(try exam.drain(7).first)
    #expect(update["type"] as? String == "timer_update" && update["session_id"] as? String == "s")
    #expect(update["remaining_seconds"] as? Int == 2)
    // Late once is not late for ever.
    exam.now.monotonic += 1400
    exam.settle()
    #expect(try exam.events(7) == ["timer_update 1"])
    #expect(exam.family.wakeUp == start + 3000)
    exam.pass(600)
    exam.land()
    #expect(try exam.events(7) == ["timer_update 0"])
    exam.pass(5000)
    #expect(try exam.events(7).isEmpty)
  }

  @Test func sessionsTickEachByItself() throws {
    let exam = Exam()
    for (session, proctor) in [("a", 0), ("b", 1)] {
      #expect(exam.create(session, 10) == .created)
      exam.open(proctor, "boss", session, isProctor: true)
      exam.start(proctor)
      exam.pass(250)
    }
    try exam.forget()
    exam.pass(500)
    #expect(try exam.events(0) == ["timer_update 9"] && exam.events(1).isEmpty)
    exam.pass(250)
    #expect(try exam.events(0).isEmpty && exam.events(1) == ["timer_update 9"])
  }

  @Test func whatComesAfterZeroIsRefusedAtOnce() throws {
    let exam = Exam()
    try exam.run(seconds: 1)
    exam.open(0, "ann")
    try exam.forget()
    exam.now.monotonic += 1000
    exam.answer("1", "1", 0)
    #expect(try exam.events(0) == ["error \(TestSessionRefusal.submitted.text)"])
    exam.settle()
    exam.land()
    #expect(try exam.events(0) == ["timer_update 0", "auto_submit ann"])
  }

  @Test func aSubmittedSessionIsKeptAndThenForgotten() throws {
    let exam = Exam()
    try exam.run(seconds: 1)
    exam.open(0, "ann")
    for question in 1...3 { exam.answer("\(question)", "1", 0) }
    exam.pass(1000)
    try exam.forget()
    exam.pass(70_000)
    #expect(exam.find("s") != nil, "somebody is in it")
    exam.close(0)
    exam.close(7)
    exam.settle()
    exam.land()
    #expect(exam.find("s") == nil && exam.disk.isEmpty)
    #expect(exam.family.sessionCount == 0 && exam.family.answersInUse == 0)
    #expect(exam.family.wakeUp == nil)
  }

  @Test func whatIsKeptIsKeptAsLongAsItShould() throws {
    let exam = Exam()
    try exam.run(seconds: 1)
    exam.close(7)
    exam.pass(1000 + 59_999)
    #expect(exam.find("s") != nil)
    exam.pass(1)
    #expect(exam.find("s") == nil)
  }

  @Test func aLargeSessionIsClearedPieceByPiece() throws {
    var sizes = Exam.Sizes()
    (sizes.answersEach, sizes.batchSize) = (60, 900)
    (sizes.answersSize, sizes.participantSize) = (64 * 200, 1000)
    let exam = Exam(sizes)
    try exam.run(seconds: 1)
    for connection in 0..<3 {
      exam.open(connection, "u\(connection)")
      for question in 0..<60 {
        exam.answer("\(question)", "1", connection)
        exam.land()
      }
    }
    #expect(exam.family.answerCount == 180 && exam.kinds.filter { $0 == 8 }.count == 180)
    #expect(exam.remove("s") == [0, 1, 2, 7])
    for connection in [0, 1, 2, 7] { exam.close(connection) }
    exam.settle()
    #expect(exam.family.answerCount > 0)
    exam.land()
    #expect(!exam.kinds.contains(6))
    for _ in 0..<20 {
      exam.pass(50)
      exam.land()
    }
    #expect(exam.disk.isEmpty && exam.family.sessionCount == 0)
    #expect(!exam.isTorn)
  }

  @Test func aClockThatIsSetIsRecorded() throws {
    let exam = Exam()
    try exam.run(seconds: 60)
    exam.now.wall += 365 * 86_400_000
    exam.pass(1000)
    exam.land()
    exam.restart(away: 1000)
    exam.open(0, "ann")
    #expect(try exam.events(0).last == "test_session_ready running 58")
  }
}
