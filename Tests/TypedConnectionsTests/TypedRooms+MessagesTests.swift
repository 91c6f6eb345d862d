import Testing

@testable import TypedConnections

@Suite struct TypedRoomsMessagesTests {
  @Test func whatIsSaidReachesAllMembersByteForByte() throws {
    let parlour = Parlour()
    parlour.open(0, "ann")
    parlour.open(1, "bob")
    parlour.open(2, "cid")
    for connection in 0...1 { parlour.ask("join_room", "a", from: connection) }
    for connection in 0...1 { _ = try parlour.take(connection) }
    parlour.send(
      #"{"message": [1, 2.50, {"x":"\u00e9"}] ,"room":"a","type":"broadcast_to_room"}"#, from: 1)
    let expected =
      #"{"type":"room_message","room":"a","message":[1, 2.50, {"x":"\u00e9"}],"#
      + #""sender_id":"bob","sender_name":"BOB","timestamp":"2025-07-10T10:30:00.000Z"}"#
    #expect(try parlour.texts(0) == [expected] && parlour.texts(1) == [expected])
    #expect(try parlour.texts(2) == [])
  }

  @Test func aChatIsHeardInItsRoomUnlessAnotherIsNamed() throws {
    let parlour = Parlour()
    parlour.open(0, "ann", chat: "a")
    parlour.open(1, "bob", chat: "a")
    parlour.open(2, "cid", chat: "b")
    parlour.ask("join_room", "b", from: 0)
    for connection in 0...2 { _ = try parlour.take(connection) }
    parlour.say("here", from: 0)
    parlour.say("there", in: "b", from: 0)
    #expect(
      try parlour.events(0) == ["chat_message a ann here", "chat_message b ann there"])
    #expect(try parlour.events(1) == ["chat_message a ann here"])
    #expect(try parlour.events(2) == ["chat_message b ann there"])
    parlour.ask("leave_room", "a", from: 0)
    parlour.say("gone", from: 0)
    #expect(try parlour.events(0) == ["room_left a", "error"])
    parlour.ask("join_room", "a", from: 0)
    parlour.say("back", from: 0)
    #expect(try parlour.events(0) == ["room_joined a", "chat_message a ann back"])
  }

  @Test func roomsOfTwoKindsHearNothingOfEachOther() throws {
    let parlour = Parlour()
    parlour.open(0, "ann", chat: "a")
    parlour.open(1, "bob")
    parlour.ask("join_room", "a", from: 1)
    parlour.say("chat", from: 0)
    parlour.broadcast("general", in: "a", from: 1)
    #expect(try parlour.events(0) == ["chat_message a ann chat"])
    #expect(try parlour.events(1) == ["room_joined a", "room_message a bob general"])
  }

  @Test func aSlowReceiverIsNeverLeftWithAGap() throws {
    let parlour = Parlour(places: 2)
    parlour.open(0, "ann", chat: "a")
    parlour.open(1, "bob", chat: "a")
    _ = try parlour.take(0)
    var count = 0
    while !parlour.isOverfull(0), count < 100 {
      parlour.say("\(count)" + String(repeating: "x", count: 200), from: 1)
      _ = try parlour.take(1)
      count += 1
    }
    let heard = try parlour.take(0).compactMap { $0["message"] as? String }
    #expect(parlour.isOverfull(0) && !parlour.isOverfull(1) && heard.count == count - 1)
    for (place, text) in heard.enumerated() { #expect(text.hasPrefix("\(place)x")) }
    parlour.say("late", from: 1)
    #expect(try parlour.events(0) == [])
  }

  // MARK: Typing

  @Test func typingIsToldToTheOtherUsersOnceASecond() throws {
    let parlour = Parlour()
    for (connection, id) in ["ann", "bob", "bob", "cid"].enumerated() {
      parlour.open(connection, id, chat: "a")
    }
    for connection in 0...3 { _ = try parlour.take(connection) }
    parlour.ask("typing", from: 1)
    parlour.ask("typing", from: 2)
    parlour.ask("typing", "a", from: 1)
    for connection in [0, 3] { #expect(try parlour.events(connection) == ["user_typing a bob"]) }
    for connection in 1...2 { #expect(try parlour.events(connection) == []) }
    parlour.ask("typing", from: 3)
    #expect(try parlour.events(0) == ["user_typing a cid"])
    parlour.now.monotonic += 999
    parlour.ask("typing", from: 2)
    #expect(try parlour.events(0) == [])
    parlour.now.monotonic += 1
    parlour.ask("typing", from: 2)
    #expect(try parlour.events(0) == ["user_typing a bob"])
  }

  @Test func eachRoomHasItsSecond() throws {
    let parlour = Parlour()
    for (connection, id) in ["ann", "bob"].enumerated() {
      parlour.open(connection, id, chat: "a")
      parlour.ask("join_room", "b", from: connection)
    }
    _ = try parlour.take(0)
    for room in ["a", "b", "a", "b"] { parlour.ask("typing", room, from: 1) }
    #expect(try parlour.events(0) == ["user_typing a bob", "user_typing b bob"])
  }

  @Test func typingCostsNobodyAPlace() throws {
    let parlour = Parlour(connections: 3, places: 4)
    for (connection, id) in ["ann", "bob", "cid"].enumerated() {
      parlour.open(connection, id, chat: "a")
    }
    for connection in 0...2 { _ = try parlour.take(connection) }
    parlour.block(0)
    for _ in 0..<50 {
      parlour.now.monotonic += 1000
      parlour.ask("typing", from: 1)
    }
    #expect(!parlour.isOverfull(0) && !parlour.isOverfull(2))
    #expect(try parlour.events(0) == [])
    let heard = try parlour.events(2)
    #expect(!heard.isEmpty && Set(heard) == ["user_typing a bob"])
    parlour.unblock(0)
    parlour.now.monotonic += 1000
    parlour.ask("typing", from: 1)
    #expect(try parlour.events(0) == ["user_typing a bob"])
  }

  @Test func typingTakesNoSlotOfAPoolThatIsHalfUsed() throws {
    let parlour = Parlour(connections: 3, places: 60, slots: 16)
    for (connection, id) in ["ann", "bob", "cid"].enumerated() {
      parlour.open(connection, id, chat: "a")
    }
    for connection in 0...2 { _ = try parlour.take(connection) }
    while parlour.slotsInUse < 8 {
      parlour.say(String(repeating: "x", count: 200), from: 2)
    }
    let (used, waiting) = (parlour.slotsInUse, try parlour.events(0).count)
    parlour.say("y", from: 2)
    #expect(used == 8 && waiting > 0)
    parlour.ask("typing", from: 1)
    #expect(try parlour.events(0).filter { $0.hasPrefix("user_typing") } == [])
    for connection in 0...2 { _ = try parlour.take(connection) }
    parlour.ask("typing", from: 1)
    #expect(try parlour.events(0) == ["user_typing a bob"])
  }
}
