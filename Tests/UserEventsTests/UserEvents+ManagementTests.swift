import Memory
import Testing

@testable import UserEvents

@Suite struct UserEventsManagementTests {
  @Test func whatIsCounted() {
    let audience = Audience(connections: 2, users: 5)
    audience.note("a", to: "7")
    audience.note("b", to: "8")
    audience.open(0, "9")
    #expect(audience.heldCount == 2 && audience.heldPeak == 2)
    #expect(audience.heldCapacity == 100)
    #expect(audience.userCount == 3 && audience.userPeak == 3)
    #expect(audience.userCapacity == 5)
    #expect(audience.connectionCount == 1)
  }

  @Test func thereIsAPlaceForOneWhoIsAway() {
    let audience = Audience(connections: 3, users: 1)
    #expect(audience.userCapacity == 4)
    for connection in 0..<3 { audience.open(connection, "\(connection)") }
    #expect(audience.note("a", to: "away")?.isQueued == true)
  }

  @Test func whatTheMemoryPlanCounts() {
    let small = UserEvents.byteCount(connections: 10, users: 1, size: 100_000)
    #expect(small == UserEvents.byteCount(connections: 10, users: 11, size: 100_000))
    #expect(small > 100_000)
    #expect(UserEvents.byteCount(connections: 10, users: 100, size: 100_000) > small)
  }

  /// The longest body that is published fits the draft and a record.
  @Test func theLongestMessage() {
    let body = Audience.note(String(repeating: "x", count: 400))
    let audience = Audience(body: body.utf8.count)
    let user = String(repeating: "u", count: 64)
    audience.open(0, user)
    #expect(audience.note(String(repeating: "x", count: 400), to: user)?.delivered == 1)
    #expect(!audience.isFaulty(0) && !audience.isTorn)
  }
}
