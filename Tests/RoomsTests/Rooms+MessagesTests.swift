import TestSupport
import Testing

@testable import Rooms

@Suite struct RoomsMessagesTests {
  private func ids(_ objects: [[String: Any]]) -> [UInt64] {
    objects.compactMap { $0["type"] as? String == "message" ? $0["id"] as? UInt64 : nil }
  }

  private let first = Hall.startedAt

  @Test func allMembersGetAMessageTheSenderToo() throws {
    let hall = Hall()
    for (connection, id) in ["ann", "bob"].enumerated() {
      hall.open(connection, id, room: "lobby")
      _ = try hall.take(connection)
    }
    hall.open(2, "cid", room: "other")
    _ = (try hall.take(0), try hall.take(2))
    hall.say("hi", in: "lobby", 1)
    #expect(try hall.events(0) == ["message lobby bob hi"])
    #expect(try hall.events(1) == ["message lobby bob hi"])
    #expect(try hall.events(2) == [])
  }

  @Test func idsGrowByOneInEachRoom() throws {
    let hall = Hall()
    hall.open(0, "ann", room: "a")
    hall.join("b", 0)
    for room in ["a", "a", "b", "a"] { hall.say("x", in: room, 0) }
    #expect(ids(try hall.take(0)) == [first, first + 1, first, first + 2])
  }

  @Test func aRoomMadeAnewUsesNoIdAgain() throws {
    let hall = Hall(history: 4)
    hall.open(0, "ann", room: "a")
    for _ in 0..<3 { hall.say("x", in: "a", 0) }
    hall.leave("a", 0)
    _ = try hall.take(0)
    hall.join("a", 0, since: first + 1)
    #expect(try hall.events(0) == ["join a ann false", "user_list a ann"])
    hall.say("x", in: "a", 0)
    #expect(ids(try hall.take(0)) == [first + 3])
    // What it was before is known as well as it can be: nothing came after the last one.
    hall.leave("a", 0)
    _ = try hall.take(0)
    hall.join("a", 0, since: first + 3)
    #expect(try hall.events(0).first == "join a ann true")
  }

  @Test(arguments: [
    (0, false, 3), (1, false, 3), (2, true, 3), (3, true, 2), (4, true, 1), (5, true, 0),
    (6, false, 3), (99, false, 3),
  ])
  func whatCameAfterSinceIsSentAgain(_ since: Int, _ isRecovered: Bool, _ count: Int) throws {
    // Five messages, 1 to 5 behind the start, of which the last three are held.
    let hall = Hall(history: 3)
    hall.open(0, "ann", room: "a")
    for text in 0..<5 { hall.say("\(text)", in: "a", 0) }
    hall.open(1, "bob")
    hall.join("a", 1, since: first + UInt64(since) - 1)
    let objects = try hall.take(1)
    #expect(
      objects.map(Hall.event)
        == ["join a bob \(isRecovered)", "user_list a ann bob"]
        + (5 - count..<5).map { "message a ann \($0)" })
    #expect(ids(objects) == (5 - count..<5).map { first + UInt64($0) })
    #expect(try hall.events(0).last == "join a bob")
  }

  @Test func withoutSinceNothingIsSentAgain() throws {
    let hall = Hall(history: 3)
    hall.open(0, "ann", room: "a")
    hall.say("x", in: "a", 0)
    hall.open(1, "bob", room: "a")
    #expect(try hall.events(1) == ["join a bob", "user_list a ann bob"])
  }

  @Test func withoutHistoryOnlyWhoMissedNothingIsToldSo() throws {
    let hall = Hall()
    hall.open(0, "ann", room: "a")
    hall.say("x", in: "a", 0)
    hall.open(1, "bob", room: "a", since: first)
    #expect(try hall.events(1).first == "join a bob true")
    hall.open(2, "cid", room: "a", since: first - 1)
    #expect(try hall.events(2) == ["join a cid false", "user_list a ann bob cid"])
    #expect(hall.historyInUse == 0)
  }

  @Test func whatIsSentAgainIsWhatWasSent() throws {
    let hall = Hall(history: 3)
    hall.open(0, "ann", name: "A\"n", room: "a")
    let data = #"{"n":[1, 2e3],"s":"\u00e9"}"#
    hall.send(
      #"{"type":"message","room":"a","content":"\ud83d\ude00","data":\#(data)}"#, from: 0)
    let live = try #require(try hall.take(0).last)
    hall.now.wall += 90_000
    hall.open(1, "bob", room: "a", since: first - 1)
    let again = try #require(try hall.take(1).last)
    #expect(try Hall.text(live) == Hall.text(again))
  }

  @Test func aLongReplayWaitsForRoomAndComesBeforeWhatIsNew() throws {
    let hall = Hall(history: 40, historySize: 40 * 512, places: 8)
    let text = String(repeating: "x", count: 300)
    hall.open(0, "ann", room: "a")
    for _ in 0..<40 {
      hall.say(text, in: "a", 0)
      _ = try hall.take(0)
    }
    hall.open(1, "bob", room: "a", since: first - 1)
    #expect(hall.isWaiting(1))
    hall.say("live", in: "a", 0)
    hall.say("later", in: "a", 1)
    let objects = try hall.drain(1)
    // Two of the oldest went while it waited, but it had them already.
    #expect(ids(objects) == (0..<42).map { first + $0 })
    #expect(objects.map(Hall.event).suffix(2) == ["message a ann live", "message a bob later"])
    hall.say("now", in: "a", 0)
    #expect(try hall.events(1) == ["message a ann now"])
    #expect(!hall.isOverfull(1) && !hall.isWaiting(1))
  }

  @Test func whoIsOvertakenByTheHistoryIsClosedAndSeesNoGap() throws {
    let hall = Hall(history: 10, historySize: 10 * 512, places: 6)
    let text = String(repeating: "x", count: 300)
    hall.open(0, "ann", room: "a")
    func say(_ count: Int) throws {
      for _ in 0..<count {
        hall.say(text, in: "a", 0)
        _ = try hall.take(0)
      }
    }
    try say(10)
    hall.open(1, "bob", room: "a", since: first - 1)
    try say(10)
    let objects = try hall.drain(1)
    #expect(hall.isOverfull(1))
    let seen = ids(objects)
    #expect(!seen.isEmpty && seen == (0..<UInt64(seen.count)).map { first + $0 })
  }

  @Test func aReplayWaitsForOneWhoTakesNothing() throws {
    let hall = Hall(history: 3)
    hall.open(0, "ann", room: "a")
    for _ in 0..<3 { hall.say("x", in: "a", 0) }
    hall.block(1)
    hall.open(1, "bob", room: "a", since: first - 1)
    #expect(ids(try hall.take(1)) == [])
    #expect(hall.isWaiting(1))
    hall.unblock(1)
    #expect(ids(try hall.drain(1)).count == 3)
  }

  @Test func oneWhoLeavesDuringAReplayGetsNoMoreOfIt() throws {
    let hall = Hall(history: 3)
    hall.open(0, "ann", room: "a")
    for _ in 0..<3 { hall.say("x", in: "a", 0) }
    hall.block(1)
    hall.open(1, "bob", room: "a", since: first - 1)
    hall.leave("a", 1)
    #expect(
      try hall.drain(1).map(Hall.event)
        == ["join a bob true", "leave a bob"])
  }

  /// Receivers that are slow in every way see consecutive ids, or are closed.
  @Test(arguments: 1...20)
  func noReplayHidesAGap(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let hall = Hall(members: 6, history: 12, historySize: 2048, places: 6)
    hall.open(0, "ann", room: "a")
    hall.open(1, "bob", room: "b")
    var newest = first - 1
    var (seen, recoveries) = ([Int: UInt64](), 0)
    for _ in 0..<400 {
      switch random.below(4) {
      case 0, 1:
        hall.say(String(repeating: "x", count: random.below(400)), in: "a", 0)
        newest += 1
        // Another room takes slots of the same pool.
        if random.below(4) == 0 { hall.say("y", in: "b", 1) }
        _ = (try hall.take(0), try hall.take(1))
      case 2:
        let connection = 2 + random.below(4)
        if hall.isMember(connection, of: "a") {
          hall.close(connection)
          seen[connection] = nil
        } else {
          let since = newest + 2 - UInt64(random.below(7))
          hall.open(connection, "u\(connection)", room: "a", since: since)
          let objects = try hall.take(connection)
          let isRecovered = Hall.event(try #require(objects.first)).hasSuffix("true")
          if isRecovered { recoveries += 1 }
          #expect(since <= newest || !isRecovered)
          #expect(since != newest || isRecovered)
          let replayed = ids(objects)
          if isRecovered { #expect(replayed.first ?? since + 1 == since + 1) }
          seen[connection] = replayed.last ?? (isRecovered ? since : nil)
          if let start = replayed.first {
            #expect(replayed == Array(start...newest).prefix(replayed.count).map { $0 })
          }
        }
      default:
        let connection = 2 + random.below(4)
        guard hall.isMember(connection, of: "a") else { break }
        for id in ids(try hall.drain(connection)) {
          #expect(seen[connection] == nil || seen[connection] == id - 1)
          seen[connection] = id
        }
        if hall.isOverfull(connection) {
          hall.close(connection)
          seen[connection] = nil
        } else if let last = seen[connection] {
          #expect(last == newest)
        }
      }
    }
    #expect(recoveries > 3)
    for connection in 0..<6 where connection < 2 || hall.isMember(connection, of: "a") {
      hall.close(connection)
    }
    #expect(hall.historyInUse == 0 && hall.slotsInUse == 0)
  }
}
