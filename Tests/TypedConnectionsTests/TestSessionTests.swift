import Delivery
import Testing

@testable import TypedConnections

@Suite struct TestSessionTests {
  private func session(_ state: TestSessionState) -> TestSession {
    var session = TestSession(id: brief("s"), hash: 0, serial: 1)
    (session.key, session.state, session.duration) = (1, state, 60_000)
    (session.end, session.nextTick) = (500, 200)
    return session
  }

  @Test func whatIsDueComesFirst() {
    var session = session(.waiting)
    #expect(session.due == .max)
    session.workAt = 700
    #expect(session.due == 700)
    session.state = .running
    #expect(session.due == 200)
    session.nextTick = 600
    #expect(session.due == 500)
    session.workAt = 100
    #expect(session.due == 100)
  }

  @Test func whoIsInASessionKeepsIt() {
    var session = session(.submitted)
    #expect(session.due == 500)
    session.connections = 1
    #expect(session.due == .max)
    session.isGone = true
    session.workAt = 0
    #expect(session.due == .max)
    session.connections = 0
    #expect(session.due == 0)
  }

  @Test func whatIsLeftDependsOnTheState() {
    let now = Moment(monotonic: 400, wall: 0)
    #expect(session(.waiting).remaining(at: now) == 60_000)
    #expect(session(.running).remaining(at: now) == 100)
    #expect(session(.running).remaining(at: Moment(monotonic: 501, wall: 0)) == 0)
    #expect(session(.submitted).remaining(at: now) == 0)
    var placeholder = session(.waiting)
    placeholder.key = 0
    #expect(placeholder.remaining(at: now) == nil && placeholder.isPlaceholder)
  }
}
