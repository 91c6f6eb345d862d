import Memory
import TestSupport
import Testing

@testable import TypedConnections

@Suite struct TestSessionTablesTests {
  private func tables(answersSize: Int = 1024) -> TestSessionTables {
    TestSessionTables(
      connections: 6, sessions: 3, participants: 4, answersSize: answersSize, seed: 1)
  }

  private func put(
    _ value: String, _ question: String, _ participant: Int, _ tables: inout TestSessionTables
  ) -> Int {
    tables.makeAnswer(
      to: TestSessionQuestion(brief(question)), of: participant, key: 1,
      Array(value.utf8).span.raw)
  }

  @Test func sessionsAreFoundByIdAndByKey() {
    var tables = tables()
    let (one, two) = (tables.makeSession(brief("a")), tables.makeSession(brief("b")))
    tables.settle(two, key: 9)
    let found = [tables.find(brief("a").bytes), tables.find(brief("b").bytes), tables.find(key: 9)]
    #expect(found == [one, two, two] && tables.placeholders == 1)
    let none = [tables.find(brief("c").bytes), tables.find(key: 8), tables.find(key: 0)]
    #expect(none == [nil, nil, nil])
    tables.retire(two)
    let gone = [tables.find(brief("b").bytes), tables.find(key: 9)]
    #expect(gone == [nil, nil])
    let again = tables.makeSession(brief("b"))
    #expect(tables.sessions[again].serial != tables.sessions[two].serial)
    for session in [one, two, again] { tables.free(session) }
    #expect(tables.sessions.count == 0 && tables.placeholders == 0)
  }

  @Test func participantsAreInOrderOfComing() {
    var tables = tables()
    let session = tables.makeSession(brief("a"))
    let other = tables.makeSession(brief("b"))
    var places: [Int] = []
    for name in ["x", "y", "z"] {
      places.append(tables.makeParticipant(brief(name), brief(name), in: session))
    }
    let found = tables.participant(brief("y"), in: session)
    let missing = tables.participant(brief("y"), in: other)
    #expect(found == places[1] && missing == nil)
    tables.removeParticipant(places[1])
    #expect(tables.sessions[session].firstParticipant.place == places[0])
    #expect(tables.participants[places[0]].behind.place == places[2])
    #expect(tables.participants[places[2]].before.place == places[0])
    tables.removeParticipant(places[0])
    tables.removeParticipant(places[2])
    #expect(tables.sessions[session].firstParticipant.place == nil)
    #expect(tables.sessions[session].lastParticipant.place == nil)
    #expect(tables.sessions[session].participants == 0)
  }
}
