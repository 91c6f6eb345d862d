import Delivery
import TestSupport
import Testing

@testable import EmotionSync

@Suite struct EmotionSyncTests {
  @Test func anUpdateGoesToAllDevicesOfTheUserAndToNobodyElse() throws {
    let household = Household()
    for (connection, id) in ["ann", "ann", "bob"].enumerated() {
      household.open(connection, id)
      _ = try household.take(connection)
    }
    household.feel("happy", 0)
    #expect(try household.emotions(0) == ["happy"])
    #expect(try household.emotions(1) == ["happy"])
    #expect(try household.take(2).isEmpty)
  }

  @Test func aConnectionOfAnotherFamilyGetsNothing() throws {
    let household = Household()
    household.enter(0, "ann")
    household.open(1, "ann")
    household.feel("happy", 1)
    #expect(household.isEmpty(0))
    household.close(0)
    household.feel("sad", 1)
    #expect(try household.emotions(1) == ["happy", "sad"])
  }

  @Test func whatIsKnownFollowsTheGreetingWithItsOwnTime() throws {
    let household = Household()
    household.open(0, "ann")
    household.feel("calm", 0)
    household.now.wall += 60_000
    household.open(1, "ann")
    let objects = try household.take(1)
    #expect(
      objects.map { $0["type"] as? String } == ["connection_established", "emotion_update"])
    #expect(objects.first?["timestamp"] as? String == "2023-05-09T14:31:00.123Z")
    #expect(objects.last?["timestamp"] as? String == "2023-05-09T14:30:00.123Z")
    #expect(objects.last?["emotion"] as? String == "calm")
    household.close(0)
    household.close(1)
    household.open(2, "ann")
    #expect(try household.emotions(2) == ["calm"])
    household.open(3, "bob")
    #expect(try household.emotions(3) == [])
  }

  @Test func whoIsGoneLongestMakesRoomForOthers() throws {
    let household = Household(connections: 2, users: 2)
    household.open(0, "ann")
    household.feel("calm", 0)
    for id in ["bob", "cid", "dan"] {
      household.open(1, id)
      household.feel("sad", 1)
      household.close(1)
    }
    #expect(household.knownCount == 2 && household.knownPeak == 2)
    household.open(1, "ann")
    #expect(try household.emotions(1) == ["calm"])
    household.close(1)
    household.open(1, "cid")
    #expect(try household.emotions(1) == [])
  }

  @Test func oneThatTakesNothingGetsTheNewestAlone() throws {
    let household = Household()
    household.open(0, "ann")
    household.open(1, "ann")
    _ = try household.take(0)
    household.block(1)
    for emotion in ["a", "b", "c"] { household.feel(emotion, 0) }
    #expect(try household.emotions(0) == ["a", "b", "c"])
    #expect(try household.emotions(1) == [] && household.isWaiting(1))
    #expect(try household.drain(1) == ["c"])
    household.feel("d", 1)
    #expect(try household.emotions(0) == ["d"])
    #expect(try household.emotions(1) == ["d"])
  }

  @Test func oneThatIsSentTheNewestWaitsForNoneAnyMore() throws {
    let household = Household()
    household.open(0, "ann")
    household.block(0)
    household.feel("a", 0)
    household.unblock(0)
    household.feel("b", 0)
    #expect(!household.isWaiting(0))
    #expect(try household.emotions(0) == ["b"])
  }

  @Test func aFullOutboxIsNoReasonToClose() throws {
    let household = Household(places: 2, slots: 40)
    household.open(0, "ann")
    household.open(1, "ann")
    _ = try household.take(0)
    for count in 0..<20 {
      household.feel("\(count)" + String(repeating: "x", count: 60), 0)
      _ = try household.take(0)
    }
    #expect(!household.isOverfull(1) && household.isWaiting(1))
    #expect(try household.drain(1).last?.hasPrefix("19x") == true)
  }

  @Test func anEmptyPoolIsNoReasonToCloseWhoHasSomethingWaiting() throws {
    let household = Household(connections: 12, slots: 12)
    household.open(0, "ann")
    household.open(1, "ann")
    _ = try household.take(1)
    for connection in 2..<12 { household.open(connection, "u\(connection)") }
    var rounds = 0
    while !household.isWaiting(0), rounds < 100 {
      household.send(#"{"type":"ping"}"#, from: 1)
      household.feel("a", 1)
      rounds += 1
    }
    #expect(household.isWaiting(0) && !household.isOverfull(0))
  }

  @Test func pingIsAnsweredAndPongIsNot() throws {
    let household = Household()
    household.open(0, "ann")
    _ = try household.take(0)
    household.send(#"{"type":"pong"}"#, from: 0)
    #expect(household.isEmpty(0))
    household.send(#"{"type":"ping","timestamp":"2023-05-09T14:40:00.000Z"}"#, from: 0)
    let pong = try #require(try household.take(0).first)
    #expect(pong["type"] as? String == "pong")
    #expect(pong["timestamp"] as? String == "2023-05-09T14:30:00.123Z")
  }

  @Test(arguments: [
    "{", "[]", "{}", #"{"type":1}"#, #"{"type":"x"}"#, #"{"type":"emotion_update"}"#,
    #"{"type":"emotion_update","emotion":""}"#, #"{"type":"emotion_update","emotion":7}"#,
    #"{"type":"emotion_update","emotion":"bored"}"#,
  ])
  func aRefusedMessageChangesNothing(_ text: String) throws {
    let household = Household(allowed: "happy,sad")
    household.open(0, "ann")
    household.open(1, "ann")
    household.feel("sad", 0)
    _ = (try household.take(0), try household.take(1))
    household.send(text, from: 0)
    #expect(try household.take(0).first?["type"] as? String == "error")
    #expect(household.isEmpty(1) && household.step == .stay)
    household.open(2, "ann")
    #expect(try household.emotions(2) == ["sad"])
  }

  @Test func aConnectionThatNobodyOpenedIsAFault() {
    let household = Household()
    household.enter(0, "ann")
    household.send(#"{"type":"ping"}"#, from: 0)
    #expect(household.step == .close(.internalError))
    household.close(0)
    #expect(household.connectionCount == 0)
  }

  @Test func aFloodOfUpdatesIsOneRecord() throws {
    let household = Household(batchSize: 300)
    household.open(0, "ann")
    #expect(household.wakeUp == nil)
    for count in 0..<2000 {
      household.feel("\(count)", 0)
      household.now.monotonic += count % 100 == 0 ? 1 : 0
      _ = try household.take(0)
    }
    // 100 ms after the first.
    #expect(household.wakeUp == 10_100)
    household.now.monotonic = 10_100
    household.wake()
    #expect(household.wakeUp == nil && !household.isTorn)
    household.seal()
    #expect(household.onDisk == ["ann": "1999"])
    household.feel("new", 0)
    #expect(household.wakeUp == 10_200)
  }

  @Test func whatFindsNoRoomGoesLater() throws {
    let household = Household(batchSize: 200)
    for (connection, id) in ["ann", "bob", "cid"].enumerated() {
      household.open(connection, id)
      household.feel("calm", connection)
    }
    household.now.monotonic = 10_100
    household.wake()
    #expect(household.wakeUp == 10_200 && !household.isTorn)
    var rounds = 0
    while household.wakeUp != nil, rounds < 5 {
      household.seal()
      household.now.monotonic += 100
      household.wake()
      rounds += 1
    }
    household.seal()
    #expect(household.onDisk == ["ann": "calm", "bob": "calm", "cid": "calm"])
  }

  @Test func whatTheLastDeviceSaidIsPutWhenItGoes() {
    let household = Household(batchSize: 300)
    household.open(0, "ann")
    household.open(1, "ann")
    household.feel("calm", 0)
    household.close(0)
    #expect(household.wakeUp != nil)
    household.close(1)
    #expect(household.wakeUp == nil)
    household.seal()
    #expect(household.onDisk == ["ann": "calm"])
  }

  @Test func withoutADiskNobodyWakes() {
    let household = Household()
    household.open(0, "ann")
    household.feel("calm", 0)
    #expect(household.wakeUp == nil)
  }

  /// Everything at random: all devices of a user end with the emotion said last.
  @Test(arguments: 1...20) func randomOperationsFollowTheModel(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let household = Household(connections: 8, users: 10, places: 4)
    var (users, shown) = ([Int: String](), [Int: String]())
    var known: [String: String] = [:]
    for round in 0..<1000 {
      let connection = random.below(8)
      if let user = users[connection] {
        switch random.below(8) {
        case 0:
          household.close(connection)
          (users[connection], shown[connection]) = (nil, nil)
        case 1: household.block(connection)
        case 2, 3: shown[connection] = try household.drain(connection).last ?? shown[connection]
        default:
          household.feel("e\(round)", connection)
          known[user] = "e\(round)"
        }
      } else {
        let user = "u\(random.below(10))"
        household.open(connection, user)
        users[connection] = user
      }
      #expect(!household.isOverfull(connection))
    }
    for (connection, user) in users {
      shown[connection] = try household.drain(connection).last ?? shown[connection]
      #expect(shown[connection] == known[user])
    }
    // There is room for all ten, so none was forgotten.
    for (user, emotion) in known {
      if let connection = users.keys.first { household.close(connection) }
      let free = try #require((0..<8).first { !household.isOpen($0) })
      users[free] = nil
      household.open(free, user)
      #expect(try household.emotions(free) == [emotion])
      household.close(free)
    }
    for connection in users.keys where household.isOpen(connection) { household.close(connection) }
    #expect(household.connectionCount == 0 && household.slotsInUse == 0)
    #expect(household.knownCount == known.count)
  }
}
