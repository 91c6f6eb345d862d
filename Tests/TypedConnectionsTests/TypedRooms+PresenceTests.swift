import Testing

@testable import TypedConnections

@Suite struct TypedRoomsPresenceTests {
  @Test func aChatJoinsTheRoomOfItsAddressAndTheOthersHearOfIt() throws {
    let parlour = Parlour()
    parlour.open(0, "ann", chat: "lobby")
    #expect(try parlour.events(0) == [])
    parlour.open(1, "bob", chat: "lobby")
    #expect(
      try parlour.texts(0).map { $0 } == [
        #"{"type":"user_joined","room":"lobby","user_id":"bob","username":"BOB","#
          + #""timestamp":"2025-07-10T10:30:00.000Z"}"#
      ])
    #expect(try parlour.events(1) == [])
    #expect(parlour.members("lobby", .chat) == [2, 2])
  }

  @Test func joiningIsAnsweredAsOftenAsItIsAskedAndToldOnce() throws {
    let parlour = Parlour()
    parlour.open(0, "ann", chat: "lobby")
    parlour.open(1, "bob", chat: "other")
    parlour.ask("join_room", "lobby", from: 1)
    parlour.ask("join_room", "lobby", from: 1)
    #expect(try parlour.events(1) == ["room_joined lobby", "room_joined lobby"])
    #expect(try parlour.events(0) == ["user_joined lobby bob"])
    #expect(parlour.rooms(of: 1) == ["chat lobby", "chat other"])
  }

  @Test func inAGeneralRoomNobodyIsTold() throws {
    let parlour = Parlour()
    parlour.open(0, "ann")
    parlour.open(1, "bob")
    for connection in 0...1 { parlour.ask("join_room", "lobby", from: connection) }
    #expect(try parlour.events(1) == ["room_joined lobby"])
    parlour.ask("leave_room", "lobby", from: 1)
    #expect(try parlour.events(0) == ["room_joined lobby"])
    #expect(try parlour.events(1) == ["room_left lobby"])
    #expect(parlour.members("lobby", .general) == [1, 1])
  }

  @Test func oneUserOnTwoConnectionsJoinsOnceAndLeavesOnce() throws {
    let parlour = Parlour()
    parlour.open(0, "ann", chat: "lobby")
    parlour.open(1, "bob", chat: "lobby")
    parlour.open(2, "bob", chat: "lobby")
    #expect(try parlour.events(0) == ["user_joined lobby bob"])
    #expect(parlour.members("lobby", .chat) == [2, 3])
    parlour.ask("leave_room", "lobby", from: 1)
    #expect(try parlour.events(1) == ["room_left lobby"])
    #expect(try parlour.events(0) == [] && parlour.events(2) == [])
    parlour.close(2)
    #expect(try parlour.events(0) == ["user_left lobby bob"])
    #expect(try parlour.events(1) == [])
  }

  @Test func aClosedConnectionLeavesAllItsRooms() throws {
    let parlour = Parlour()
    parlour.open(0, "ann", chat: "a")
    parlour.open(1, "bob", chat: "a")
    for connection in 0...1 { parlour.ask("join_room", "b", from: connection) }
    _ = try parlour.events(0)
    parlour.close(1)
    #expect(try parlour.events(0).sorted() == ["user_left a bob", "user_left b bob"])
    parlour.close(0)
    #expect(parlour.rooms == [] && parlour.presenceCount == 0)
  }

  @Test func aFullRoomTakesNoMoreUsersButMoreOfTheirConnections() throws {
    let parlour = Parlour(members: 2)
    for (connection, id) in ["ann", "bob", "cid", "ann"].enumerated() {
      parlour.open(connection, id, chat: "lobby")
    }
    let refused = try parlour.take(2)
    #expect(refused.count == 1)
    #expect(refused.first?["message"] as? String == "\(TypedRoomRefusal.roomFull.text)")
    #expect(parlour.members("lobby", .chat) == [2, 3] && !parlour.isMember(2, of: "lobby"))
    parlour.close(1)
    parlour.ask("join_room", "lobby", from: 2)
    #expect(try parlour.events(2) == ["room_joined lobby"])
  }

  @Test func aConnectionHasSoManyRooms() throws {
    let parlour = Parlour(roomsEach: 2)
    parlour.open(0, "ann", chat: "a")
    for room in ["b", "c"] { parlour.ask("join_room", room, from: 0) }
    let answers = try parlour.take(0)
    #expect(answers.last?["message"] as? String == "\(TypedRoomRefusal.tooManyRoomsOfOne.text)")
    #expect(parlour.rooms(of: 0) == ["chat a", "chat b"])
    parlour.ask("leave_room", "a", from: 0)
    parlour.ask("join_room", "c", from: 0)
    #expect(parlour.rooms(of: 0) == ["chat b", "chat c"])
  }

  @Test func bothKindsTogetherHaveSoManyRooms() throws {
    let parlour = Parlour(rooms: 2)
    parlour.open(0, "ann", chat: "a")
    parlour.open(1, "ann")
    for room in ["a", "b"] { parlour.ask("join_room", room, from: 1) }
    let answers = try parlour.take(1)
    #expect(answers.last?["message"] as? String == "\(TypedRoomRefusal.tooManyRooms.text)")
    #expect(parlour.rooms == ["chat a", "general a"])
    parlour.close(0)
    parlour.ask("join_room", "b", from: 1)
    #expect(parlour.rooms == ["general a", "general b"])
  }
}
