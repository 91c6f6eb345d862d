import Testing

@testable import Rooms

@Suite struct RoomsPresenceTests {
  @Test func theNewcomerAndTheOthersHearOfAJoinAndTheNewcomerGetsTheList() throws {
    let hall = Hall()
    hall.open(0, "ann")
    hall.open(1, "bob", name: "Bob")
    hall.join("lobby", 0)
    #expect(try hall.events(0) == ["join lobby ann", "user_list lobby ann"])
    hall.join("lobby", 1)
    #expect(try hall.events(0) == ["join lobby bob"])
    #expect(try hall.events(1) == ["join lobby bob", "user_list lobby ann Bob"])
  }

  @Test func thePathJoinsAtOnce() throws {
    let hall = Hall()
    hall.open(0, "ann", room: "lobby", since: 5)
    #expect(try hall.events(0) == ["join lobby ann false", "user_list lobby ann"])
    hall.open(1, "bob", room: "realtime")
    #expect(try hall.events(1) == ["invalid_message"])
    #expect(hall.rooms == ["lobby"])
    hall.open(2, "cid")
    #expect(try hall.events(2) == [])
  }

  @Test func joiningTwiceIsSilent() throws {
    let hall = Hall()
    hall.open(0, "ann", room: "lobby")
    hall.open(1, "bob", room: "lobby")
    _ = (try hall.take(0), try hall.take(1))
    hall.join("lobby", 0)
    #expect(try hall.events(0) == [])
    #expect(try hall.events(1) == [])
    #expect(hall.membershipCount == 2)
  }

  @Test func oneUserOnTwoConnectionsJoinsOnceAndLeavesOnce() throws {
    let hall = Hall()
    hall.open(0, "bob", room: "lobby")
    hall.open(1, "ann", room: "lobby")
    _ = (try hall.take(0), try hall.take(1))
    hall.open(2, "ann", room: "lobby")
    #expect(try hall.events(2) == ["join lobby ann", "user_list lobby bob ann"])
    #expect(try hall.events(0) == [] && hall.events(1) == [])
    #expect(hall.users(in: "lobby") == 2)
    hall.say("hi", in: "lobby", 0)
    for connection in 0...2 {
      #expect(try hall.events(connection) == ["message lobby bob hi"])
    }
    hall.leave("lobby", 1)
    #expect(try hall.events(1) == ["leave lobby ann"])
    #expect(try hall.events(0) == [] && hall.events(2) == [])
    hall.close(2)
    #expect(try hall.events(0) == ["leave lobby ann"])
    #expect(try hall.events(1) == [])
    #expect(hall.users(in: "lobby") == 1)
  }

  @Test func joiningAgainWithWhatOneHasSeenIsAnsweredToOneselfAlone() throws {
    let hall = Hall(history: 5)
    hall.open(0, "ann", room: "lobby")
    hall.say("one", in: "lobby", 0)
    hall.say("two", in: "lobby", 0)
    hall.open(1, "bob", room: "lobby")
    _ = (try hall.take(0), try hall.take(1))
    hall.join("lobby", 1, since: Hall.startedAt)
    let answer = try hall.take(1)
    #expect(answer.map { $0["type"] as? String } == ["join", "user_list", "message"])
    #expect((answer[0]["data"] as? [String: Bool]) == ["recovered": true])
    #expect(answer[2]["content"] as? String == "two")
    #expect(try hall.events(0) == [])
  }

  @Test func leavingByMessageIsToldToTheLeaverToo() throws {
    let hall = Hall()
    hall.open(0, "ann", room: "lobby")
    hall.open(1, "bob", room: "lobby")
    _ = (try hall.take(0), try hall.take(1))
    hall.leave("lobby", 0)
    #expect(try hall.events(0) == ["leave lobby ann"])
    #expect(try hall.events(1) == ["leave lobby ann"])
    hall.say("hi", in: "lobby", 1)
    #expect(try hall.events(0) == [])
  }

  @Test func aClosedConnectionLeavesAllItsRooms() throws {
    let hall = Hall()
    hall.open(0, "ann")
    for room in ["a", "b", "c"] { hall.join(room, 0) }
    hall.open(1, "bob", room: "a")
    hall.join("c", 1)
    _ = try hall.take(1)
    hall.close(0)
    #expect(try hall.events(1).sorted() == ["leave a ann", "leave c ann"])
    #expect(hall.rooms == ["a", "c"])
  }

  @Test func theListIsInOrderOfJoining() throws {
    let hall = Hall(members: 6)
    for (connection, id) in ["d", "b", "a", "c"].enumerated() {
      hall.open(connection, id, room: "lobby")
    }
    hall.leave("lobby", 1)
    hall.join("lobby", 1)
    _ = try hall.take(0)
    hall.send(#"{"type":"user_list","room":"lobby"}"#, from: 0)
    #expect(try hall.events(0) == ["user_list lobby d a c b"])
  }

  @Test func aFullRoomTakesNoMoreUsersButMoreOfTheirConnections() throws {
    let hall = Hall(members: 2)
    hall.open(0, "ann", room: "lobby")
    hall.open(1, "bob", room: "lobby")
    hall.open(2, "cid", room: "lobby")
    #expect(try hall.events(2) == ["room_full"])
    #expect(!hall.isMember(2, of: "lobby") && hall.presenceCount == 2)
    hall.open(3, "ann", room: "lobby")
    #expect(try hall.events(3).count == 2)
    hall.close(1)
    hall.join("lobby", 2)
    #expect(try hall.events(2) == ["join lobby cid", "user_list lobby ann cid"])
  }

  @Test func aConnectionHasSoManyRooms() throws {
    let hall = Hall(roomsEach: 2)
    hall.open(0, "ann")
    for room in ["a", "b", "c"] { hall.join(room, 0) }
    #expect(try hall.events(0).last == "too_many_rooms")
    #expect(hall.rooms == ["a", "b"])
    hall.leave("a", 0)
    hall.join("c", 0)
    #expect(hall.rooms == ["b", "c"])
  }

  @Test func theServerHasSoManyRoomsAndAnEmptyOneIsFreed() throws {
    let hall = Hall(rooms: 1)
    hall.open(0, "ann", room: "a")
    hall.open(1, "bob", room: "b")
    #expect(try hall.events(1) == ["too_many_rooms"])
    hall.join("a", 1)
    #expect(try hall.events(1) == ["join a bob", "user_list a ann bob"])
    hall.close(0)
    hall.leave("a", 1)
    #expect(hall.roomCount == 0)
    hall.join("b", 1)
    #expect(hall.rooms == ["b"])
  }
}
