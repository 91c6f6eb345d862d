import TestSupport
import Testing

@testable import TypedConnections

@Suite struct TestSessionTablesDevicesTests {
  private func connections(of session: Int, _ tables: borrowing TestSessionTables) -> [Int] {
    var (all, next) = ([Int](), tables.firstConnection(of: session))
    while let connection = next {
      all.append(connection)
      next = tables.connection(behind: connection)
    }
    return all
  }

  @Test(arguments: 1...10) func eachConnectionIsFoundOnce(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var tables = TestSessionTables(
      connections: 12, sessions: 2, participants: 6, answersSize: 64, seed: 1)
    let sessions = [tables.makeSession(brief("a")), tables.makeSession(brief("b"))]
    var participants: [[Int]] = []
    for session in sessions {
      participants.append(
        (0..<3).map { tables.makeParticipant(brief("\($0)"), brief(""), in: session) })
    }
    var open: [Int: Int] = [:]
    for _ in 0..<300 {
      let connection = random.below(12)
      if open[connection] != nil {
        tables.removeDevice(connection)
        open[connection] = nil
      } else {
        let (side, user) = (random.below(2), random.below(4))
        let participant = user < 3 ? participants[side][user] : nil
        tables.add(connection, to: sessions[side], participant, isProctor: user == 3)
        open[connection] = sessions[side]
      }
      #expect(tables.connections == open.count)
      for session in sessions {
        let all = connections(of: session, tables)
        #expect(all.sorted() == open.filter { $0.value == session }.keys.sorted())
        #expect(tables.sessions[session].connections == UInt32(all.count))
      }
    }
  }

  @Test func aConnectionThatIsNowhereIsNoLoss() {
    var tables = TestSessionTables(
      connections: 2, sessions: 1, participants: 1, answersSize: 64, seed: 1)
    tables.removeDevice(0)
    #expect(tables.connections == 0 && tables.session(of: 0) == nil)
  }
}
