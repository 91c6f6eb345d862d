import Testing

@testable import TypedConnections

@Suite struct TestSessionsAnswersTests {
  /// A session that runs, with two devices of ann, one of bob, and a proctor (7).
  private func exam(_ sizes: Exam.Sizes = Exam.Sizes()) throws -> Exam {
    let exam = Exam(sizes)
    try exam.run()
    for (connection, id) in ["ann", "ann", "bob"].enumerated() { exam.open(connection, id) }
    try exam.forget()
    return exam
  }

  private func error(_ refusal: TestSessionRefusal) -> [String] { ["error \(refusal.text)"] }

  @Test func anAnswerGoesToOwnDevicesAndToProctors() throws {
    let exam = try exam()
    exam.answer(#""q1""#, #"{"b": [1]}"#, 0)
    #expect(try exam.events(0).isEmpty, "it is not on disk yet")
    #expect(try exam.events(2).isEmpty)
    for connection in [1, 7] {
      let sync = try #require(try exam.drain(connection).first)
      #expect(sync["type"] as? String == "answer_sync" && sync["user_id"] as? String == "ann")
      #expect(sync["session_id"] as? String == "s" && sync["question_id"] as? String == "q1")
      #expect(sync["answer"] as? [String: [Int]] == ["b": [1]])
    }
    exam.land()
    let saved = try #require(try exam.drain(0).first)
    #expect(saved["type"] as? String == "answer_saved" && saved["session_id"] as? String == "s")
    #expect(saved["question_id"] as? String == "q1")
    #expect(try exam.answers()["bob"] == [:])
  }

  @Test func aNumberIsAQuestionToo() throws {
    let exam = try exam()
    exam.answer("7", "true", 0)
    exam.answer(#""7""#, "false", 0)
    exam.land()
    let saved = try exam.drain(0)
    #expect(saved.first?["question_id"] as? Int == 7)
    #expect(saved.last?["question_id"] as? String == "7")
    #expect(try exam.events(1) == ["answer_sync ann 7 1", "answer_sync ann 7 0"])
    #expect(try exam.answers()["ann"] == ["7": "0"])
  }

  @Test func withoutAJournalNothingWaits() throws {
    var sizes = Exam.Sizes()
    sizes.isKept = false
    let exam = try exam(sizes)
    exam.answer("1", "1", 0)
    #expect(try exam.events(0) == ["answer_saved 1"])
  }

  @Test func aNewAnswerReplacesTheOneBefore() throws {
    let exam = try exam()
    exam.answer("1", "\"\(String(repeating: "x", count: 150))\"", 0)
    let inUse = exam.family.answersInUse
    exam.answer("1", "2", 1)
    #expect(exam.family.answersInUse < inUse && exam.family.answerCount == 1)
    exam.land()
    #expect(exam.kinds == [6, 7, 7, 8])
    #expect(try exam.answers()["ann"] == ["1": "2"])
  }

  @Test func theOrderOfRefusals() throws {
    let exam = try exam()
    exam.send(#"{"type":"answer_update","question_id":[]}"#, 0)
    #expect(try exam.events(0) == error(.question))
    exam.send(#"{"type":"answer_update","question_id":1}"#, 0)
    #expect(try exam.events(0) == error(.answer))
    exam.answer("1", "1", 7)
    #expect(try exam.events(7) == error(.notAParticipant))
    exam.submit(7)
    #expect(try exam.events(7) == error(.notAParticipant))
    exam.submit(0)
    try exam.forget()
    exam.send(#"{"type":"answer_update","question_id":[]}"#, 1)
    #expect(try exam.events(1) == error(.submitted))
    exam.submit(1)
    #expect(try exam.events(1) == error(.submitted))
    exam.pass(60_000)
    exam.answer("1", "1", 2)
    exam.land()
    #expect(try exam.events(2).contains(error(.submitted)[0]))
  }

  @Test func thereAreOnlySoManyAnswersOfOne() throws {
    let exam = try exam()
    for question in 1...5 { exam.answer("\(question)", "1", 0) }
    try exam.forget()
    exam.answer("6", "1", 0)
    #expect(try exam.events(0) == error(.tooManyAnswers))
    exam.answer("5", "2", 0)
    exam.land()
    #expect(try exam.events(0) == ["answer_saved 5"])
    exam.answer("6", "1", 2)
    exam.land()
    #expect(try exam.events(2) == ["answer_saved 6"])
  }

  @Test func theAnswersOfOneHaveASize() throws {
    let exam = try exam()
    let long = "\"\(String(repeating: "x", count: 388))\""
    exam.answer(#""123456""#, long, 0)
    exam.land()
    #expect(try exam.events(0) == ["answer_saved 123456"], "400 bytes in all")
    exam.answer("2", "1", 0)
    #expect(try exam.events(0) == error(.tooLarge))
    exam.answer(#""123456""#, "[\(long)]", 0)
    #expect(try exam.events(0) == error(.tooLarge))
    exam.answer(#""123456""#, "1", 0)
    exam.answer("2", "1", 0)
    exam.land()
    #expect(try exam.events(0) == ["answer_saved 123456", "answer_saved 2"])
  }

  @Test func theEscapesOfAQuestionCount() throws {
    let exam = try exam()
    let long = "\"\(String(repeating: "x", count: 389))\""
    exam.answer(#""\u0001""#, long, 0)
    #expect(try exam.events(0) == error(.tooLarge), "10 for the question, 391 for the answer")
    exam.answer(#""\u0001""#, "1", 0)
    exam.land()
    exam.submit(0)
    exam.land()
    #expect(try exam.events(1).last == "submitted ann \u{1}=1")
  }

  @Test func aFullPoolKeepsTheOldAnswer() throws {
    var sizes = Exam.Sizes()
    sizes.answersSize = 256
    let exam = try exam(sizes)
    exam.answer("1", "\"\(String(repeating: "a", count: 126))\"", 0)
    exam.answer("1", "\"\(String(repeating: "b", count: 60))\"", 2)
    try exam.forget()
    exam.answer("1", "\"\(String(repeating: "c", count: 190))\"", 2)
    #expect(try exam.events(2) == error(.noRoom))
    #expect(try exam.answers()["bob"]?["1"]?.hasPrefix("bbb") == true)
    exam.answer("1", "\"\(String(repeating: "d", count: 126))\"", 2)
    exam.land()
    #expect(try exam.events(2) == ["answer_saved 1"])
    #expect(try exam.answers()["bob"]?["1"]?.hasPrefix("ddd") == true)
    exam.answer("2", "1", 0)
    #expect(try exam.events(0) == error(.noRoom))
  }

  @Test func aFullJournalChangesNothing() throws {
    var sizes = Exam.Sizes()
    sizes.batchSize = 1400
    let exam = try exam(sizes)
    exam.answer("1", "1", 0)
    exam.land()
    _ = try exam.events(0)
    var saved = 1
    while saved < 100, try exam.answers()["ann"] == ["1": "\(saved)"] {
      saved += 1
      exam.answer("1", "\(saved)", 0)
    }
    #expect(saved < 100)
    exam.submit(0)
    #expect(try exam.answers()["ann"] == ["1": "\(saved - 1)"])
    exam.land()
    let events = try exam.events(0)
    #expect(events.last == error(.noRoom)[0] && events.first == "answer_saved 1")
    #expect(!exam.isTorn)
    exam.answer("1", "0", 0)
    exam.land()
    #expect(try exam.events(0) == ["answer_saved 1"])
  }

  @Test func submittingTellsOwnDevicesAndProctorsWhenItIsOnDisk() throws {
    let exam = try exam()
    exam.answer(#""b""#, "1", 0)
    exam.answer(#""a""#, "[2]", 1)
    try exam.forget()
    exam.submit(0)
    for connection in [0, 1, 2, 7] { #expect(try exam.events(connection).isEmpty) }
    exam.land()
    for connection in [0, 1, 7] {
      let told = try #require(try exam.drain(connection).first)
      #expect(told["type"] as? String == "submitted" && told["user_id"] as? String == "ann")
      let answers = try #require(told["answers"] as? [String: Any])
      #expect(answers["a"] as? [Int] == [2] && answers["b"] as? Int == 1 && answers.count == 2)
    }
    #expect(try exam.events(2).isEmpty)
    exam.pass(60_000)
    exam.land()
    #expect(try exam.events(0).filter { $0.hasPrefix("auto") }.isEmpty)
    #expect(try exam.events(7).filter { $0.hasPrefix("auto") } == ["auto_submit bob"])
  }
}
