import Delivery
import Testing

@testable import TypedConnections

@Suite struct TestSessionsRecordsTests {
  @Test func placeholdersAreRecordedWhenTheyAreMade() throws {
    let exam = Exam()
    exam.open(0, "ann")
    exam.open(1, "bob")
    exam.land()
    #expect(exam.disk.isEmpty)
    #expect(exam.create("s", 60) == .created)
    exam.settle()
    exam.land()
    #expect(exam.kinds == [6, 7, 7])
    exam.open(2, "cid")
    exam.land()
    #expect(exam.kinds == [6, 7, 7, 7])
  }

  @Test func whoFindsNoRoomIsRecordedLater() throws {
    var sizes = Exam.Sizes()
    sizes.batchSize = 400
    let exam = Exam(sizes)
    for connection in 0..<6 {
      exam.open(connection, String(repeating: "\(connection)", count: 64))
    }
    #expect(exam.create("s", 60) == .created)
    for _ in 0..<20 {
      exam.pass(50)
      exam.land()
    }
    #expect(exam.kinds == [6, 7, 7, 7, 7, 7, 7] && !exam.isTorn)
  }

  @Test func theLongestRecordsHaveTheSizesThatArePlanned() throws {
    let exam = Exam()
    let long = String(repeating: "s", count: 64)
    let user = String(repeating: "u", count: 64)
    #expect(exam.create(long, 60, autostart: true) == .created)
    exam.open(0, user, long)
    exam.answer("\"\(long)\"", "\"\(String(repeating: "x", count: 330))\"", 0)
    exam.land()
    let size = { kind in exam.disk.values.first { $0.kind == kind }?.body.count }
    #expect(size(6) == TestSessions.sessionRecordSize)
    #expect(size(7) == TestSessions.participantRecordSize)
    #expect(size(8) == TestSessions.answerRecordSize + 332)
    #expect(TestSessions.longestRecord(participantSize: 400) >= size(8) ?? .max)
  }

  @Test func allIsWrittenAnewAsItIs() throws {
    var sizes = Exam.Sizes()
    sizes.batchSize = 700
    let exam = Exam(sizes)
    try exam.run("a", seconds: 60)
    for connection in 0..<4 {
      exam.open(connection, "u\(connection)", "a")
      exam.land()
      for question in 0..<3 {
        exam.answer("\(question)", "\(connection)", connection)
        exam.land()
      }
    }
    exam.open(5, "eve", "placeholder")
    #expect(exam.create("gone", 60) == .created)
    exam.open(6, "eve", "gone")
    exam.land()
    _ = exam.remove("gone")
    exam.land()
    let before = exam.disk.filter { $0.value.kind == 8 }
    let answers = try exam.answers("a")
    exam.rewrite()
    #expect(exam.kinds == [6, 7, 7, 7, 7] + [UInt8](repeating: 8, count: 12))
    #expect(Set(before.keys).isSubset(of: exam.disk.keys))
    exam.restart()
    #expect(try exam.answers("a") == answers && exam.find("gone") == nil)
  }
}
