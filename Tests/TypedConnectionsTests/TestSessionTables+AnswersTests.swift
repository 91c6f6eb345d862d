import Memory
import TestSupport
import Testing

@testable import TypedConnections

@Suite struct TestSessionTablesAnswersTests {
  private func text(_ answer: Int, _ tables: borrowing TestSessionTables) -> String {
    var writer = ByteWriter(capacity: 1024)
    writer.append(tables.answers[answer].value, in: tables.pool)
    return String(decoding: (0..<writer.count).map { writer.bytes[$0] }, as: UTF8.self)
  }

  /// Answers of two participants, come and replaced at random.
  @Test(arguments: 1...10) func answersFollowTheModel(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var tables = TestSessionTables(
      connections: 1, sessions: 1, participants: 2, answersSize: 64 * 20, seed: 1)
    let session = tables.makeSession(brief("s"))
    let users = (0..<2).map { tables.makeParticipant(brief("\($0)"), brief(""), in: session) }
    var model: [[(question: String, value: String)]] = [[], []]
    for _ in 0..<400 {
      let side = random.below(2)
      if random.below(40) == 0 {
        while !model[side].isEmpty {
          tables.removeFirstAnswer(of: users[side])
          model[side].removeFirst()
        }
        #expect(tables.participants[users[side]].size == 0)
      }
      let question = "q\(random.below(8))"
      let value = String(repeating: "1", count: 1 + random.below(200))
      let known = tables.answer(to: brief(question), of: users[side])
      let at = model[side].firstIndex { $0.question == question }
      #expect((known == nil) == (at == nil))
      let held = model.joined().reduce(0) { $0 + ($1.value.utf8.count + 63) / 64 }
      let freed = at.map { (model[side][$0].value.utf8.count + 63) / 64 } ?? 0
      let fits = held - freed + (value.utf8.count + 63) / 64 <= 20
      let hasRoom = tables.hasRoom(for: value.utf8.count, insteadOf: known)
      #expect(hasRoom == fits)
      guard hasRoom else { continue }
      if let known, let at {
        tables.replace(known, by: Array(value.utf8).span.raw)
        model[side][at].value = value
      } else {
        _ = tables.makeAnswer(
          to: TestSessionQuestion(brief(question)), of: users[side], key: 1,
          Array(value.utf8).span.raw)
        model[side].append((question, value))
      }
      check(tables, users[side], model[side])
    }
    for user in users {
      while tables.participants[user].firstAnswer.place != nil {
        tables.removeFirstAnswer(of: user)
      }
    }
    #expect(tables.pool.available == tables.pool.capacity && tables.answers.count == 0)
    #expect(tables.sessions[session].answers == 0)
  }

  private func check(
    _ tables: borrowing TestSessionTables, _ user: Int,
    _ model: [(question: String, value: String)]
  ) {
    var (next, order) = (tables.participants[user].firstAnswer.place, 0)
    while let answer = next {
      #expect(text(answer, tables) == model[order].value)
      #expect(tables.answers[answer].question.text == brief(model[order].question))
      next = tables.answers[answer].behind.place
      order += 1
    }
    let size = model.reduce(0) { $0 + $1.question.utf8.count + 4 + $1.value.utf8.count }
    #expect(order == model.count && tables.participants[user].size == size)
  }
}
