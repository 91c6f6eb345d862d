import Delivery
import Memory
import Testing

@testable import UserEvents

@Suite struct UserEventsTests {
  @Test func theFirstMessageIsConnection() throws {
    let audience = Audience()
    audience.open(0, "7")
    let first = try #require(audience.take(0).first)
    #expect(first["type"] as? String == "connection")
    let data = try #require(first["data"] as? [String: Any])
    #expect(data["user_id"] as? Int == 7 && data["resumed"] == nil)
    #expect(audience.connectionCount == 1)
    audience.close(0)
    #expect(audience.connectionCount == 0)
  }

  @Test func withoutASubjectThereIsNoUser() {
    let audience = Audience()
    audience.open(0, "")
    #expect(audience.isFaulty(0))
    audience.send(#"{"type":"ping"}"#, from: 0)
    #expect(audience.step == .close(.internalError))
  }

  @Test func pingIsAnswered() {
    let audience = Audience()
    audience.open(0, "7")
    _ = audience.take(0)
    audience.send(#"{"type":"ping"}"#, from: 0)
    audience.send(#"{"type":"pong"}"#, from: 0)
    #expect(audience.take(0).map { $0["type"] as? String } == ["pong"])
    #expect(audience.step == .stay)
  }

  private func events(_ objects: [[String: Any]]) -> [[String]] {
    objects.map { ($0["data"] as? [String: Any])?["events"] as? [String] ?? ["?"] }
  }

  @Test func subscriptionsAreTheConnections() {
    let audience = Audience()
    audience.open(0, "7")
    audience.open(1, "7")
    _ = (audience.take(0), audience.take(1))
    // The first choice is all that is wanted; more can be added and taken away.
    for (type, kinds) in [
      ("subscribe", #""upload""#), ("subscribe", #""notification""#), ("unsubscribe", #""upload""#),
    ] {
      audience.send(#"{"type":"\#(type)","data":{"events":[\#(kinds)]}}"#, from: 0)
    }
    audience.send(#"{"type":"unsubscribe","data":{"events":["upload"]}}"#, from: 1)
    #expect(
      events(audience.take(0)) == [["upload"], ["upload", "notification"], ["notification"]])
    #expect(events(audience.take(1)) == [["analysis", "notification"]])
    #expect(audience.progress(5, to: "7") == Published(id: 1000, delivered: 0))
    #expect(audience.note("a", to: "7") == Published(id: 1001, delivered: 2))
    #expect(audience.events(0) == ["a"] && audience.events(1) == ["a"])
    // Nobody got the progress: it waits for the next.
    audience.open(2, "7")
    #expect(audience.events(2) == ["5 %"])
  }

  @Test func whatIsRefusedChangesNothing() {
    let audience = Audience()
    audience.open(0, "7")
    _ = audience.take(0)
    for text in [
      #"{"type":"subscribe","data":{"events":["upload","x"]}}"#, "no JSON", #"{"type":"join"}"#,
    ] {
      audience.send(text, from: 0)
    }
    audience.refuse(0)
    let answers = audience.take(0)
    #expect(answers.map { $0["type"] as? String } == ["error", "error", "error", "error"])
    #expect(audience.note("a", to: "7")?.delivered == 1)
    #expect(audience.step == .stay)
  }

  @Test func whatNobodyGotWaits() {
    let audience = Audience()
    #expect(audience.note("a", to: "7") == Published(id: 1000, delivered: 0))
    #expect(audience.note("b", to: "7")?.isQueued == true)
    audience.note("theirs", to: "8")
    audience.open(0, "7")
    #expect(
      audience.texts(0).map { Audience.object($0)["type"] as? String ?? "" } == [
        "connection", "notification", "notification",
      ])
    // Now somebody has got it.
    audience.open(1, "7")
    #expect(audience.events(1) == [])
    audience.close(0)
    audience.close(1)
    audience.note("c", to: "7")
    audience.open(0, "7")
    #expect(audience.events(0) == ["c"])
  }

  @Test func whoSaysWhatItSawGetsTheRest() {
    let audience = Audience(perUser: 4)
    for title in ["a", "b", "c", "d"] { audience.note(title, to: "7") }
    for (since, resumed, rest) in [
      (0, true, ["a", "b", "c", "d"]), (1000, true, ["b", "c", "d"]), (1003, true, []),
      (1, false, ["a", "b", "c", "d"]), (1004, false, ["a", "b", "c", "d"]),
    ] as [(UInt64, Bool, [String])] {
      audience.open(0, "7", since: since)
      let objects = audience.drain(0)
      #expect((objects.first?["data"] as? [String: Any])?["resumed"] as? Bool == resumed)
      #expect(objects.compactMap(Audience.event) == rest)
      audience.close(0)
    }
    audience.note("e", to: "7")
    audience.open(0, "7", since: 1000)
    // Only 1000 went, which it had.
    #expect(audience.resumed(0) == true)
    audience.close(0)
    audience.open(0, "7", since: 0)
    #expect(audience.resumed(0) == false)
  }

  @Test func anIdThatWasNeverGivenCountsForNone() {
    let audience = Audience()
    audience.note("a", to: "7")
    audience.open(0, "7", since: 5000)
    #expect(audience.resumed(0) == false)
    audience.close(0)
    audience.note("b", to: "7")
    audience.open(1, "7", since: 5000)
    #expect(audience.events(1) == ["a", "b"])
    // It is live, whatever it said.
    #expect(audience.note("c", to: "7")?.delivered == 1)
  }

  @Test func eventsGoByTheirAge() {
    let audience = Audience(lifetime: 1000)
    audience.note("a", to: "7")
    audience.pass(1000)
    #expect(audience.heldCount == 0 && audience.wakeUp == nil)
    audience.open(0, "7", since: 0)
    #expect(audience.resumed(0) == false)
    audience.close(0)
    audience.open(0, "7", since: 1000)
    #expect(audience.resumed(0) == true)
  }

  @Test func aRestartForgetsNothing() {
    let old = Audience()
    old.note("a", to: "7")
    old.open(0, "7")
    old.note("b", to: "7")
    old.close(0)
    old.progress(5, to: "7")
    old.progress(6, to: "7")
    let new = old.restarted(firstID: 5000)
    new.open(0, "7")
    #expect(new.events(0) == ["6 %"])
    new.open(1, "7", since: 1000)
    let objects = new.drain(1)
    #expect((objects.first?["data"] as? [String: Any])?["resumed"] as? Bool == true)
    #expect(objects.compactMap(Audience.event) == ["b", "6 %"])
    #expect(new.note("c", to: "7")?.id == 5000)
    new.open(2, "7", since: 5001)
    #expect(new.resumed(2) == false)
  }

  @Test func withoutMemoryNothingIsResumed() {
    let audience = Audience(knownUpTo: nil)
    for since in [0, 500] as [UInt64] {
      audience.open(0, "7", since: since)
      #expect(audience.resumed(0) == false)
      audience.close(0)
    }
    audience.note("a", to: "7")
    audience.open(0, "7", since: 1000)
    #expect(audience.resumed(0) == true)
  }
}
