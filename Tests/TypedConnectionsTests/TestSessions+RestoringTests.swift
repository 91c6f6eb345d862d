import Delivery
import Foundation
import Testing

@testable import TypedConnections

@Suite struct TestSessionsRestoringTests {
  private func remaining(_ exam: Exam) throws -> Int? {
    try exam.get("s")["remaining_seconds"] as? Int
  }

  @Test func aRunningSessionGoesOn() throws {
    let exam = Exam()
    try exam.run(seconds: 60)
    exam.open(0, "ann")
    exam.answer("7", "[1]", 0)
    exam.answer(#""x""#, "\"y\"", 0)
    exam.pass(10_200)
    exam.land()
    exam.restart(away: 5000)
    #expect(try remaining(exam) == 45)
    exam.open(0, "ann")
    #expect(
      try exam.events(0).prefix(4) == [
        "connection_established", "test_session_ready running 45",
        "answer_sync ann 7 [1]", "answer_sync ann x y",
      ])
    exam.pass(799)
    #expect(try exam.events(0).isEmpty)
    exam.pass(1)
    #expect(try exam.events(0) == ["timer_update 44"], "ticks go on as they were")
    exam.answer("7", "2", 0)
    exam.land()
    #expect(exam.kinds == [6, 7, 8, 8])
    #expect(try exam.answers()["ann"] == ["7": "2", "x": "y"])
  }

  @Test func whatIsOverMeanwhileIsSubmittedAtOnce() throws {
    let exam = Exam()
    try exam.run(seconds: 60)
    exam.open(0, "ann")
    exam.answer("1", "1", 0)
    exam.land()
    exam.restart(away: 3_600_000)
    #expect(exam.family.wakeUp != nil)
    exam.settle()
    exam.land()
    #expect(try exam.get("s")["state"] as? String == "submitted")
    exam.restart()
    exam.open(0, "ann")
    exam.land()
    #expect(try exam.events(0).last == "auto_submit ann 1=1")
  }

  @Test(arguments: [-3_600_000, -1000, 0, 20_000] as [Int64])
  func aClockThatWentBackGivesNoTime(_ clock: Int64) throws {
    let exam = Exam()
    try exam.run(seconds: 60)
    exam.open(0, "ann")
    exam.pass(10_000)
    exam.answer("1", "1", 0)
    exam.land()
    exam.restart(clock: clock)
    #expect(try remaining(exam) == 50 - Int(max(0, clock)) / 1000)
    exam.pass(50_000)
    #expect(try exam.get("s")["state"] as? String == "submitted")
  }

  @Test func restartsWithoutAClockUseUpTheTime() throws {
    let exam = Exam()
    try exam.run(seconds: 60)
    for _ in 0..<5 {
      exam.restart(clock: 1_000_000_000 - Int64(exam.now.wall))
      exam.pass(10_000)
      exam.land()
    }
    let left = try #require(try remaining(exam))
    #expect(left <= 40 && left >= 10, "to what was recorded every few seconds")
  }

  @Test func keepingGoesOnToo() throws {
    let exam = Exam()
    try exam.run(seconds: 1)
    exam.pass(1000)
    exam.land()
    exam.restart(away: 50_000)
    exam.pass(9999)
    #expect(exam.find("s") != nil)
    exam.pass(1)
    #expect(exam.find("s") == nil)
  }

  @Test func whatWasSubmittedStaysSo() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    exam.answer("1", "1", 0)
    exam.submit(0)
    exam.land()
    exam.restart()
    exam.open(0, "ann")
    exam.answer("1", "2", 0)
    #expect(try exam.events(0).last == "error \(TestSessionRefusal.submitted.text)")
  }

  @Test func aDeletedSessionLeavesNothingToItsNamesake() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    exam.answer("1", "1", 0)
    exam.land()
    _ = exam.remove("s")
    #expect(exam.create("s", 60) == .created)
    exam.land()
    // The answer of the old one is still there, since its connections are not closed.
    #expect(exam.kinds == [6, 7, 8])
    exam.restart()
    #expect(try exam.answers().isEmpty)
    exam.land()
    #expect(exam.kinds == [6])
  }

  @Test func damagedRecordsAreRefused() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    exam.answer("7", "1", 0)
    exam.land()
    let disk = exam.disk.sorted { ($0.value.kind, $0.key) < ($1.value.kind, $1.key) }
    for (place, (key, record)) in disk.enumerated() {
      let fresh = Exam()
      for (key, record) in disk.prefix(place) {
        #expect(fresh.restore(record.kind, key, record.body))
      }
      let counts = [
        fresh.family.sessionCount, fresh.family.participantCount, fresh.family.answerCount,
      ]
      for size in 0..<record.body.count {
        #expect(!fresh.restore(record.kind, key, Array(record.body.prefix(size))))
      }
      if record.kind != 8 { #expect(!fresh.restore(record.kind, key, record.body + [0])) }
      #expect(!fresh.restore(record.kind, key, record.body.map { _ in 0xFF }))
      #expect(
        counts == [
          fresh.family.sessionCount, fresh.family.participantCount, fresh.family.answerCount,
        ])
      #expect(fresh.restore(record.kind, key, record.body))
      #expect(!fresh.restore(record.kind, key + 100, record.body), "it is there already")
    }
  }

  @Test func recordsOfOtherKindsAreRefused() {
    let exam = Exam()
    for kind in RecordKind.allCases {
      #expect(!exam.restore(kind.rawValue, 1, [1, 2, 3]))
    }
  }

  @Test func valuesThatAreNoneAreRefused() throws {
    let exam = Exam()
    try exam.run()
    exam.open(0, "ann")
    exam.answer(#""q""#, "1", 0)
    exam.land()
    let (key, record) = try #require(exam.disk.first { $0.value.kind == 8 })
    let head = record.body.dropLast()
    exam.close(0)
    exam.close(7)
    let fresh = Exam()
    for (key, record) in exam.disk where record.kind == 6 {
      #expect(fresh.restore(6, key, record.body))
    }
    for (key, record) in exam.disk where record.kind == 7 {
      #expect(fresh.restore(7, key, record.body))
    }
    for value in ["", " 1", "1 ", "x", "[1", "\"\u{1}\"", "{}x"] {
      #expect(!fresh.restore(8, key, head + Array(value.utf8)))
    }
    let long = "\"\(String(repeating: "x", count: 400))\""
    #expect(!fresh.restore(8, key, head + Array(long.utf8)), "more than one may answer")
    #expect(fresh.restore(8, key, head + Array("[{}]".utf8)))
  }
}
