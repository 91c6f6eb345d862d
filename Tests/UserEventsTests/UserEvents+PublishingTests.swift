import Delivery
import Memory
import Testing

@testable import UserEvents

@Suite struct UserEventsPublishingTests {
  private func error(_ publish: () throws(EventError) -> Void) -> EventError? {
    do throws(EventError) {
      try publish()
      return nil
    } catch {
      return error
    }
  }

  @Test func theDataIsPassedOnAsItCame() throws {
    let audience = Audience()
    audience.open(0, "7")
    _ = audience.texts(0)
    let data =
      #"{ "audio_id" : 1, "status":"caf\u00e9", "results":{"bpm":[120.50,1e2]}, "x":null }"#
    _ = try audience.publish(#"{"type":"analysis_status","data":\#(data)}"#, to: "7")
    #expect(
      audience.texts(0) == [
        #"{"type":"analysis_status","data":\#(data),"timestamp":"2025-10-19T20:00:00Z","id":1000}"#
      ])
  }

  @Test func allConnectionsOfTheUserGetItAndNobodyElse() {
    let audience = Audience()
    for connection in 0..<3 { audience.open(connection, "7") }
    audience.open(3, "8")
    #expect(audience.note("a", to: "7") == Published(id: 1000, delivered: 3))
    for connection in 0..<3 { #expect(audience.events(connection) == ["a"]) }
    #expect(audience.events(3) == [])
    #expect(audience.slotsInUse == 0)
  }

  @Test func aBodyThatDoesNotFitKeepsNothing() {
    let audience = Audience(size: 4 * 192, body: 1000)
    audience.open(0, "7")
    _ = audience.take(0)
    #expect(error { () throws(EventError) in _ = try audience.publish("{}", to: "7") } == .type)
    for length in [700, 2000] {
      let long = Audience.note(String(repeating: "x", count: length))
      #expect(error { () throws(EventError) in _ = try audience.publish(long, to: "7") } == .size)
    }
    #expect(audience.heldCount == 0 && audience.events(0) == [])
    #expect(audience.note("a", to: "7")?.id == 1000)
  }

  @Test func withoutRoomInTheJournalItIsToComeAgain() {
    let audience = Audience(batchSize: 2000)
    var published = 0
    while audience.note("a", to: "7") != nil { published += 1 }
    #expect(published > 1)
    let body = Audience.note("a")
    #expect(!audience.canPublish(body.utf8.count))
    #expect(error { () throws(EventError) in _ = try audience.publish(body, to: "7") } == .busy)
    #expect(audience.heldCount == published)
    audience.flush()
    #expect(audience.note("b", to: "7") != nil)
    #expect(!audience.isTorn)
  }

  @Test func forAllWhoAreConnected() throws {
    let audience = Audience(connections: 80, users: 200)
    for connection in 0..<80 { audience.open(connection, "user \(connection % 70)") }
    audience.note("before", to: "user 3")
    audience.note("away", to: "nobody")
    for connection in 0..<80 { _ = audience.take(connection) }
    var (cursor, slices) = (0 as Int?, [PublishedSlice]())
    while let place = cursor {
      let slice = try audience.publish(Audience.note("all"), from: place)
      slices.append(slice)
      cursor = slice.next
      audience.flush()
    }
    #expect(slices.count == 3)
    #expect(slices.map(\.delivered).reduce(0, +) == 80)
    #expect(slices.compactMap(\.highestID).max() == 1001)
    for connection in 0..<80 { #expect(audience.events(connection) == ["all"]) }
  }

  @Test func forAllWhenThereIsNobodyOrNoRoom() throws {
    let audience = Audience(batchSize: 2000)
    audience.note("a", to: "7")
    let none = try audience.publish(Audience.note("b"), from: 0)
    #expect(none == PublishedSlice(next: nil, highestID: nil))
    audience.open(0, "7")
    while audience.note("a", to: "8") != nil {}
    let full = try audience.publish(Audience.note("b"), from: 0)
    #expect(full == PublishedSlice(next: 0, highestID: nil))
    audience.flush()
    let slice = try audience.publish(Audience.note("b"), from: 0)
    #expect(slice == PublishedSlice(next: nil, highestID: 1001, delivered: 1))
    #expect(error { () throws(EventError) in _ = try audience.publish("x", from: 0) } == .malformed)
  }

  @Test func whoTakesNothingGetsTheNewestProgress() {
    let audience = Audience()
    audience.open(0, "7")
    audience.open(1, "7")
    _ = (audience.take(0), audience.take(1))
    audience.block(0)
    audience.note("a", to: "7")
    var seen = audience.events(1)
    for percent in 1...50 {
      audience.progress(percent, to: "7")
      seen += audience.events(1)
    }
    audience.progress(9, of: #""1""#, to: "7")
    #expect(audience.isWaiting(0) && !audience.isWaiting(1))
    #expect(audience.slotsInUse == 1)
    #expect(audience.events(0) == ["a", "50 %", "9 %"])
    #expect(audience.note("b", to: "7")?.delivered == 2)
    #expect(audience.events(0) == ["b"])
    #expect(seen == ["a"] + (1...50).map { "\($0) %" })
    #expect(audience.events(1) == ["9 %", "b"])
  }

  @Test func whatIsPublishedWhileAllWaitIsNotLostWithThem() {
    let audience = Audience()
    audience.open(0, "7")
    audience.block(0)
    #expect(audience.note("a", to: "7") == Published(id: 1000, delivered: 1))
    #expect(audience.note("b", to: "7")?.isQueued == false)
    audience.close(0)
    audience.open(1, "7")
    #expect(audience.events(1) == ["a", "b"])
  }
}
