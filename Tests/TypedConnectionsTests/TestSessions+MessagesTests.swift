import Delivery
import Testing

@testable import TypedConnections

@Suite struct TestSessionsMessagesTests {
  @Test func pingIsAnsweredAndPongIsNot() throws {
    let exam = Exam()
    exam.open(0, "ann")
    _ = try exam.take(0)
    exam.send(#"{"type":"pong"}"#, 0)
    #expect(try exam.take(0).isEmpty)
    exam.send(#"{"type":"ping"}"#, 0)
    let pong = try #require(try exam.take(0).first)
    #expect(pong["type"] as? String == "pong")
    #expect(pong["timestamp"] as? String == "2025-07-10T10:30:00.000Z")
  }

  @Test(arguments: [
    ("{", TestSessionRefusal.malformed), ("{}", .noType), (#"{"type":"x"}"#, .unknownType),
    (#"{"type":"start_session"}"#, .notAProctor),
    (#"{"type":"submit"}"#, .notRunning),
    (#"{"type":"answer_update"}"#, .notRunning),
  ])
  func whatIsWrongIsSaid(_ text: String, _ refusal: TestSessionRefusal) throws {
    let exam = Exam()
    exam.open(0, "ann")
    _ = try exam.take(0)
    exam.send(text, 0)
    #expect(try exam.events(0) == ["error \(refusal.text)"])
    #expect(exam.step == .stay)
  }

  @Test func tooFastIsSaidToo() throws {
    let exam = Exam()
    exam.open(0, "ann")
    _ = try exam.take(0)
    exam.family.refused(0, at: exam.now, &exam.mailroom)
    #expect(try exam.events(0) == ["error \(TestSessionRefusal.tooFast.text)"])
  }

  @Test func aConnectionThatNobodyOpenedIsAFault() {
    let exam = Exam()
    exam.send(#"{"type":"ping"}"#, 0)
    #expect(exam.step == .close(.internalError))
  }

  @Test func aPlaceholderCannotStart() throws {
    let exam = Exam()
    exam.open(0, "boss", isProctor: true)
    _ = try exam.take(0)
    exam.start(0)
    #expect(try exam.events(0) == ["error \(TestSessionRefusal.notMade.text)"])
  }

  @Test func startingTellsAllAndOnlyOnce() throws {
    let exam = Exam()
    #expect(exam.create("s", 60) == .created)
    exam.open(0, "ann")
    exam.open(1, "boss", isProctor: true)
    exam.open(2, "eve", "other")
    try exam.forget()
    exam.start(1)
    #expect(try exam.events(0) == ["session_status running 60"])
    #expect(try exam.events(1) == ["session_status running 60"])
    #expect(try exam.events(2).isEmpty)
    exam.start(1)
    #expect(try exam.events(1) == ["error \(TestSessionRefusal.alreadyRunning.text)"])
    exam.pass(60_000)
    try exam.forget()
    exam.start(1)
    #expect(try exam.events(1) == ["error \(TestSessionRefusal.submitted.text)"])
  }

  @Test func theStatusCountsWhatWasAnswered() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    exam.open(1, "bob")
    exam.answer("1", "1", 0)
    exam.answer("2", "1", 0)
    exam.answer("1", "1", 1)
    try exam.forget()
    for (connection, answered) in [(0, 2), (1, 1), (7, 3)] {
      exam.ask(connection)
      let status = try #require(try exam.take(connection).first)
      #expect(status["answered"] as? Int == answered && status["participants"] as? Int == 2)
      #expect(status["session_id"] as? String == "s" && status["state"] as? String == "running")
      #expect(status["duration_seconds"] as? Int == 60)
      #expect(status["remaining_seconds"] as? Int == 60)
    }
  }

  @Test func theFirstParticipantStartsWhatStartsItself() throws {
    let exam = Exam()
    #expect(exam.create("s", 60, autostart: true) == .created)
    exam.open(7, "boss", isProctor: true)
    try exam.forget()
    exam.open(0, "ann")
    #expect(try exam.events(7) == ["session_status running 60"])
    #expect(
      try exam.events(0) == ["connection_established", "test_session_ready running 60"])
    exam.pass(500)
    exam.open(1, "bob")
    #expect(try exam.events(7).isEmpty)
  }

  @Test func whoIsThereStartsWhatIsMadeToStartItself() throws {
    let exam = Exam()
    exam.open(0, "ann")
    try exam.forget()
    #expect(exam.create("s", 60, autostart: true) == .created)
    #expect(try exam.events(0) == ["session_status running 60"])
  }

  @Test func aDeletedSessionTakesNothing() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    try exam.forget()
    #expect(exam.remove("s") == [0, 7])
    exam.answer("1", "1", 0)
    #expect(try exam.events(0) == ["error \(TestSessionRefusal.gone.text)"])
  }

  /// What the last status says of the user's own submission, nil when it says nothing.
  private func submitted(_ exam: Exam, _ connection: Int) throws -> Bool? {
    let status = try #require(
      try exam.drain(connection).last { ($0["type"] as? String ?? "").contains("session_") })
    return status["submitted"] as? Bool
  }

  @Test func aParticipantLearnsWhetherItIsIn() throws {
    let exam = Exam()
    #expect(exam.create("s", 60) == .created)
    exam.open(0, "ann")
    exam.open(1, "bob")
    exam.open(7, "boss", isProctor: true)
    for connection in [0, 1] { #expect(try submitted(exam, connection) == false) }
    #expect(try submitted(exam, 7) == nil)
    exam.start(7)
    for connection in [0, 1] { #expect(try submitted(exam, connection) == false) }
    #expect(try submitted(exam, 7) == nil)
    exam.submit(0)
    exam.close(0)
    exam.land()
    exam.open(0, "ann")
    #expect(try submitted(exam, 0) == true)
    for connection in [0, 1, 7] { exam.ask(connection) }
    #expect(try submitted(exam, 0) == true)
    #expect(try submitted(exam, 1) == false)
    #expect(try submitted(exam, 7) == nil)
    exam.pass(60_000)
    exam.open(2, "cat")
    for connection in [0, 1, 7] { exam.ask(connection) }
    exam.land()
    for connection in [0, 1] { #expect(try submitted(exam, connection) == true) }
    for connection in [2, 7] { #expect(try submitted(exam, connection) == nil, "took no part") }
  }

  @Test func whoSaysItIsInHasItOnDisk() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    exam.open(1, "ann")
    try exam.forget()
    exam.submit(0)
    exam.open(2, "ann")
    exam.ask(1)
    for connection in [1, 2] {
      let types = try exam.drain(connection).map { $0["type"] as? String }
      #expect(!types.contains("session_status") && !types.contains("test_session_ready"))
    }
    exam.land()
    for connection in [1, 2] { #expect(try submitted(exam, connection) == true) }
  }
}
