import Testing

@testable import TypedConnections

@Suite struct TestSessionsSubmissionsTests {
  @Test func atZeroEachIsToldWhenItIsOnDisk() throws {
    let exam = Exam()
    try exam.run()
    for (connection, id) in ["ann", "ann", "bob"].enumerated() { exam.open(connection, id) }
    exam.answer("1", "1", 0)
    exam.pass(59_999)
    try exam.forget()
    exam.pass(1)
    #expect(try exam.events(2) == ["timer_update 0"])
    exam.land()
    #expect(try exam.events(0) == ["timer_update 0", "auto_submit ann 1=1"])
    #expect(try exam.events(1) == ["timer_update 0", "auto_submit ann 1=1"])
    #expect(try exam.events(2) == ["auto_submit bob"])
    #expect(try exam.events(7) == ["timer_update 0", "auto_submit ann 1=1", "auto_submit bob"])
    exam.open(3, "ann")
    #expect(
      try exam.events(3) == ["connection_established", "test_session_ready submitted 0"])
  }

  @Test func whoIsAwayIsToldOnceWhenComingBack() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    exam.answer("1", "1", 0)
    exam.land()
    exam.close(0)
    exam.pass(60_000)
    exam.land()
    exam.open(0, "ann")
    exam.land()
    let back = ["connection_established", "test_session_ready submitted 0"]
    #expect(try exam.events(0) == back + ["auto_submit ann 1=1"])
    exam.close(0)
    exam.open(0, "ann")
    #expect(try exam.events(0) == back)
    exam.land()
    exam.restart()
    exam.open(0, "ann")
    #expect(try exam.events(0) == back)
  }

  @Test func whoCannotTakeItNowGetsItLater() throws {
    var sizes = Exam.Sizes()
    sizes.participantSize = 4000
    let exam = Exam(sizes)
    try exam.run()
    exam.open(0, "ann")
    exam.answer("1", "\"\(String(repeating: "x", count: 900))\"", 0)
    try exam.forget()
    exam.block(0)
    exam.send(#"{"type":"ping"}"#, 0)
    exam.pass(60_000)
    exam.land()
    #expect(exam.isWaiting(0) && !exam.isOverfull(0))
    exam.answer("1", "1", 0)
    var events = try exam.events(0)
    exam.land()
    events += try exam.events(0)
    #expect(events.filter { $0.hasPrefix("auto_submit") }.count == 1)
    #expect(events.contains("error \(TestSessionRefusal.submitted.text)"))
  }

  @Test func manyAreToldInMoreThanOneCall() throws {
    var sizes = Exam.Sizes()
    (sizes.connections, sizes.participants, sizes.slots) = (201, 200, 2000)
    let exam = Exam(sizes)
    try exam.run(proctor: 200)
    for connection in 0..<200 { exam.open(connection, "u\(connection)") }
    try exam.forget()
    exam.now.monotonic += 60_000
    exam.now.wall += 60_000
    exam.family.woke(at: exam.now, &exam.mailroom)
    exam.mailroom.endSharing()
    exam.answer("1", "1", 199)
    exam.land()
    #expect(try exam.events(0) == ["timer_update 0", "auto_submit u0"])
    #expect(
      try exam.events(199)
        == ["timer_update 0", "error \(TestSessionRefusal.submitted.text)"])
    #expect(exam.family.wakeUp == exam.now.monotonic)
    exam.settle()
    exam.land()
    for connection in 1..<200 {
      #expect(
        try exam.events(connection).filter { $0.hasPrefix("auto") } == [
          "auto_submit u\(connection)"
        ])
    }
    #expect(try exam.events(200).filter { $0.hasPrefix("auto") }.count == 200)
  }

  @Test func aFullJournalDelaysTheTelling() throws {
    var sizes = Exam.Sizes()
    sizes.batchSize = 800
    let exam = Exam(sizes)
    try exam.run()
    for connection in 0..<6 {
      exam.open(connection, "u\(connection)")
      exam.land()
    }
    exam.pass(59_999)
    try exam.forget()
    exam.pass(1)
    var told: [String] = []
    for _ in 0..<20 {
      exam.land()
      for connection in 0..<6 {
        told += try exam.events(connection).filter { $0.hasPrefix("auto") }
      }
      exam.pass(100)
    }
    #expect(told.sorted() == (0..<6).map { "auto_submit u\($0)" })
    #expect(!exam.isTorn)
  }

  @Test func whatWasNotTakenIsToldAgain() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    try exam.forget()
    exam.pass(60_000)
    // It goes before the disk has it.
    exam.close(0)
    exam.open(0, "ann")
    exam.land()
    #expect(try exam.events(0).last == "auto_submit ann")
    exam.close(0)
    exam.open(0, "ann")
    exam.land()
    #expect(try exam.events(0).last == "test_session_ready submitted 0")
  }

  // MARK: Whoever takes it

  /// One answer of ann's, and the time over; what tells her of it is not on disk.
  private func ended() throws -> Exam {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    exam.answer("1", "1", 0)
    try end(exam)
    return exam
  }

  /// The time is over, and nobody has anything else to take.
  private func end(_ exam: Exam) throws {
    exam.pass(59_999)
    try exam.forget()
    exam.pass(1)
  }

  private func submissions(_ exam: Exam, _ connection: Int) throws -> [String] {
    try exam.events(connection).filter { $0.hasPrefix("auto_submit") }
  }

  private let told = ["auto_submit ann 1=1"]

  @Test func anotherDeviceIsToldWhenTheFirstIsLost() throws {
    let exam = try ended()
    exam.open(1, "ann")
    exam.open(2, "ann")
    exam.close(0)
    exam.land()
    #expect(try submissions(exam, 1) == told)
    #expect(try submissions(exam, 2) == told)
    exam.land()
    exam.open(3, "ann")
    exam.land()
    #expect(try submissions(exam, 3).isEmpty)
    exam.restart()
    exam.open(0, "ann")
    exam.land()
    #expect(try submissions(exam, 0).isEmpty)
  }

  @Test func eachThatIsLostHandsItOn() throws {
    let exam = try ended()
    for connection in 1...3 {
      exam.open(connection, "ann")
      exam.close(connection - 1)
    }
    exam.land()
    #expect(try submissions(exam, 3) == told)
    exam.close(3)
    exam.open(0, "ann")
    exam.land()
    #expect(try submissions(exam, 0).isEmpty)
  }

  @Test func anotherDeviceIsNotToldWhenTheFirstTookIt() throws {
    let exam = try ended()
    exam.open(1, "ann")
    exam.land()
    // It goes before anybody noticed that it had taken all.
    #expect(try exam.take(0).map(Exam.event).last == told.last)
    exam.close(0)
    exam.land()
    #expect(try submissions(exam, 1).isEmpty)
    exam.restart()
    exam.open(0, "ann")
    exam.land()
    #expect(try submissions(exam, 0).isEmpty)
  }

  @Test func whoNeverTookItBesidesOneWhoDidIsNotMissed() throws {
    let exam = Exam()
    try exam.run()
    for connection in 0..<2 { exam.open(connection, "ann") }
    try end(exam)
    exam.open(2, "ann")
    exam.land()
    #expect(try submissions(exam, 0) == ["auto_submit ann"])
    exam.close(1)
    exam.land()
    #expect(try submissions(exam, 2).isEmpty)
    exam.open(3, "ann")
    exam.land()
    #expect(try submissions(exam, 3).isEmpty)
  }

  @Test func bothThatWereSentItAreLost() throws {
    let exam = Exam()
    try exam.run()
    for connection in 0..<2 { exam.open(connection, "ann") }
    try end(exam)
    exam.open(2, "ann")
    exam.close(0)
    exam.land()
    #expect(try submissions(exam, 2).isEmpty, "another one is still to take it")
    exam.close(1)
    exam.land()
    #expect(try submissions(exam, 2) == ["auto_submit ann"])
  }

  /// It is put down before it leaves: a status says that all was submitted.
  @Test func whatWasOnDiskButDidNotLeaveIsNotToldAfterACrash() throws {
    let exam = try ended()
    exam.land()
    #expect(exam.hasUnread(0) && exam.toldOnDisk == ["ann"])
    exam.restart()
    exam.open(0, "ann")
    exam.land()
    #expect(try submissions(exam, 0).isEmpty)
  }

  @Test func whatLeftShortlyBeforeACrashIsNotToldTwice() throws {
    let exam = try ended()
    exam.land()
    #expect(try submissions(exam, 0) == told)
    exam.restart()
    exam.open(0, "ann")
    exam.land()
    #expect(try submissions(exam, 0).isEmpty)
  }

  @Test func whoFoundNoRoomWasNotTold() throws {
    var sizes = Exam.Sizes()
    sizes.slots = 16
    sizes.participantSize = 4000
    let exam = Exam(sizes)
    try exam.run()
    exam.open(0, "ann")
    let long = String(repeating: "x", count: 600)
    for question in 1...5 { exam.answer("\(question)", "\"\(long)\"", 0) }
    try exam.forget()
    for _ in 0..<100 where !exam.isOverfull(7) { exam.ask(7) }
    exam.pass(60_000)
    exam.settle()
    exam.land()
    _ = try exam.drain(0)
    #expect(exam.toldOnDisk.isEmpty)
    #expect(exam.isOverfull(0))
    exam.close(0)
    exam.close(7)
    exam.open(0, "ann")
    exam.land()
    #expect(try submissions(exam, 0).count == 1)
  }

  @Test func nobodyIsWrittenOfASessionThatIsGone() throws {
    let exam = try ended()
    exam.land()
    _ = exam.remove("s")
    _ = try exam.drain(0)
    exam.close(0)
    exam.close(7)
    exam.pass(1000)
    exam.land()
    #expect(exam.disk.isEmpty)
  }
}
