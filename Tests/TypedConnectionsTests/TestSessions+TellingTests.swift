import Testing

@testable import TypedConnections

@Suite struct TestSessionsTellingTests {
  private let hello = ["connection_established", "test_session_ready running 60"]

  @Test func aLaterDeviceGetsWhatWasAnswered() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    for question in ["3", "1", "2", "1"] { exam.answer(question, question + "0", 0) }
    exam.open(1, "ann")
    #expect(
      try exam.events(1) == hello
        + ["answer_sync ann 3 30", "answer_sync ann 1 10", "answer_sync ann 2 20"])
    exam.open(2, "bob")
    exam.open(3, "boss", isProctor: true)
    #expect(try exam.events(2) == hello && exam.events(3) == hello)
  }

  @Test func whatIsAnsweredMeanwhileComesInItsTurnOrAtOnce() throws {
    var sizes = Exam.Sizes()
    sizes.participantSize = 4000
    sizes.places = 4
    let exam = Exam(sizes)
    try exam.run()
    exam.open(0, "ann")
    let long = String(repeating: "x", count: 200)
    for question in 1...4 { exam.answer("\(question)", "\"a\(long)\"", 0) }
    exam.open(1, "ann")
    #expect(exam.isWaiting(1) && exam.family.tables.devices[1].next.place != nil)
    exam.answer("1", "\"b\"", 0)
    exam.answer("4", "\"c\"", 0)
    exam.answer("5", "\"d\"", 0)
    #expect(!exam.isOverfull(1))
    var last: [Int: String] = [:]
    for object in try exam.drain(1) where object["type"] as? String == "answer_sync" {
      let question = try #require(object["question_id"] as? Int)
      let answer = try #require(object["answer"] as? String)
      #expect(last[question] == nil || question == 1)
      last[question] = answer
    }
    #expect(last == [1: "b", 2: "a\(long)", 3: "a\(long)", 4: "c", 5: "d"])
  }

  @Test func submittingEndsTheTelling() throws {
    var sizes = Exam.Sizes()
    sizes.participantSize = 4000
    sizes.places = 5
    let exam = Exam(sizes)
    try exam.run()
    exam.open(0, "ann")
    for question in 1...4 {
      exam.answer("\(question)", "\"\(String(repeating: "x", count: 200))\"", 0)
    }
    exam.open(1, "ann")
    #expect(exam.isWaiting(1))
    exam.submit(0)
    exam.land()
    let types = try exam.drain(1).map { $0["type"] as? String }
    #expect(types.last == "submitted" && types.filter { $0 == "answer_sync" }.count < 4)
    exam.open(2, "ann")
    #expect(try exam.events(2) == hello, "nothing is to be answered any more")
  }

  @Test func oneThatTakesNothingGetsTheNewestTimeAlone() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    try exam.forget()
    exam.block(0)
    // Something has to be in the way, or there is nothing to wait for.
    exam.send(#"{"type":"ping"}"#, 0)
    exam.pass(3500)
    #expect(try exam.events(7).count == 3)
    #expect(exam.isWaiting(0))
    let events = try exam.events(0)
    #expect(events == ["pong", "timer_update 57"])
    exam.pass(1000)
    #expect(try exam.events(0) == ["timer_update 56"])
  }

  @Test func timeTakesHalfOfAnOutboxAtMost() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    exam.pass(59_000)
    exam.ask(0)
    #expect(!exam.isOverfull(0) && exam.mailroom.outboxes.count(of: 0) <= 31)
    let events = try exam.events(0)
    #expect(events.suffix(2) == ["session_status running 1", "timer_update 1"])
  }
}
