import Delivery
import TestSupport
import Testing

@testable import TypedConnections

@Suite struct TypedRoomsTests {
  @Test func theGreetingComesFirstAndNamesTheKind() throws {
    let parlour = Parlour()
    parlour.open(0, "7", isGreeted: true)
    parlour.open(1, "7", chat: "a", isGreeted: true)
    for (connection, kind) in ["general", "chat"].enumerated() {
      #expect(
        try parlour.texts(connection) == [
          #"{"type":"connection_established","connection_id":"\#(kind)_7_42","#
            + #""connection_type":"\#(kind)","user_id":"7","#
            + #""timestamp":"2025-07-10T10:30:00.000Z"}"#
        ])
    }
  }

  @Test func echoAndPingAreAnsweredToTheSenderAlone() throws {
    let parlour = Parlour()
    parlour.open(0, "ann")
    parlour.open(1, "ann")
    for value in [#""x""#, "null", "12345678901234567890.10", "[ 1,{} ]", #""\ud834\udd1e""#] {
      parlour.send(#"{"type":"echo","message": \#(value) }"#, from: 0)
      let text = try #require(try parlour.texts(0).first)
      #expect(text.hasPrefix(#"{"type":"echo","message":\#(value),"timestamp":"#))
    }
    parlour.ask("ping", from: 0)
    #expect(try parlour.events(0) == ["pong"])
    parlour.ask("pong", from: 0)
    #expect(try parlour.events(0) == [])
    #expect(try parlour.events(1) == [] && parlour.step == .stay)
  }

  @Test(arguments: [
    ("{", TypedRoomRefusal.malformed), ("[]", .malformed), ("{}", .noType),
    (#"{"type":7}"#, .noType), (#"{"type":"dance"}"#, .unknownToGeneral),
    (#"{"type":"send_message","message":"x"}"#, .unknownToGeneral),
    (#"{"type":"typing"}"#, .unknownToGeneral),
    (#"{"type":"room_message","room":"a","message":"x"}"#, .unknownToGeneral),
    (#"{"type":"echo"}"#, .noMessage), (#"{"type":"join_room"}"#, .room),
    (#"{"type":"join_room","room":7}"#, .room), (#"{"type":"join_room","room":"a/b"}"#, .room),
    (#"{"type":"leave_room"}"#, .room), (#"{"type":"leave_room","room":"b"}"#, .notAMember),
    (#"{"type":"leave_room","room":"none"}"#, .notAMember),
    (#"{"type":"broadcast_to_room","room":"a"}"#, .noMessage),
    (#"{"type":"broadcast_to_room","message":"x"}"#, .room),
    (#"{"type":"broadcast_to_room","room":"b","message":"x"}"#, .notAMember),
  ])
  func aRefusedMessageOfAGeneralConnectionChangesNothing(
    _ text: String, _ refusal: TypedRoomRefusal
  ) throws {
    let parlour = Parlour()
    for connection in 0...1 {
      parlour.open(connection, "u\(connection)")
      parlour.ask("join_room", "a", from: connection)
    }
    parlour.ask("join_room", "b", from: 1)
    try check(parlour, text, refusal, ["general a"])
    #expect(parlour.rooms == ["general a", "general b"])
  }

  @Test(arguments: [
    ("", TypedRoomRefusal.malformed), (#"{"type":null}"#, .noType),
    (#"{"type":"echo","message":1}"#, .unknownToChat),
    (#"{"type":"broadcast_to_room","room":"a","message":1}"#, .unknownToChat),
    (#"{"type":"send_message"}"#, .noText), (#"{"type":"send_message","message":1}"#, .noText),
    (#"{"type":"send_message","message":"x","room":""}"#, .room),
    (#"{"type":"send_message","message":"x","room":null}"#, .room),
    (#"{"type":"send_message","message":"x","room":"b"}"#, .notAMember),
    (#"{"type":"typing","room":[]}"#, .room), (#"{"type":"typing","room":"b"}"#, .notAMember),
    (#"{"type":"join_room"}"#, .room), (#"{"type":"leave_room"}"#, .room),
    (#"{"type":"leave_room","room":"b"}"#, .notAMember),
  ])
  func aRefusedMessageOfAChatChangesNothing(
    _ text: String, _ refusal: TypedRoomRefusal
  ) throws {
    let parlour = Parlour()
    for connection in 0...1 { parlour.open(connection, "u\(connection)", chat: "a") }
    parlour.ask("join_room", "b", from: 1)
    try check(parlour, text, refusal, ["chat a"])
    #expect(parlour.rooms == ["chat a", "chat b"])
  }

  private func check(
    _ parlour: Parlour, _ text: String, _ refusal: TypedRoomRefusal, _ rooms: Set<String>
  ) throws {
    for connection in 0...1 { _ = try parlour.take(connection) }
    parlour.send(text, from: 0)
    let answers = try parlour.take(0)
    #expect(answers.count == 1 && answers.first?["type"] as? String == "error")
    #expect(answers.first?["message"] as? String == "\(refusal.text)")
    #expect(try parlour.events(1) == [] && parlour.step == .stay)
    #expect(parlour.rooms(of: 0) == rooms && parlour.membershipCount == 3)
  }

  @Test func aMessageThatCameTooFastIsAnsweredSo() throws {
    let parlour = Parlour()
    parlour.open(0, "ann")
    parlour.refuse(0)
    let answer = try #require(try parlour.take(0).first)
    #expect(answer["message"] as? String == "\(TypedRoomRefusal.tooFast.text)")
  }

  @Test func aRoomOfBadNameIsRefusedInWords() throws {
    let parlour = Parlour()
    parlour.open(0, "ann", chat: "a/b")
    #expect(try parlour.events(0) == ["error"])
    #expect(parlour.rooms == [] && parlour.connections(.chat) == 1)
  }

  @Test func aConnectionOfAnotherFamilyIsNoneOfOurs() throws {
    let parlour = Parlour()
    parlour.send(#"{"type":"ping"}"#, from: 0)
    #expect(parlour.step == .close(.internalError))
  }

  /// Everything at random, against a model that says what each connection hears.
  @Test(arguments: 1...20) func randomOperationsFollowTheModel(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let parlour = Parlour(connections: 8, rooms: 5, members: 3, roomsEach: 2)
    var model = ParlourModel(rooms: 5, members: 3, roomsEach: 2)
    let names = ["a", "b", "c", "d"]
    for round in 0..<600 {
      let (connection, room) = (random.below(8), names[random.below(4)])
      parlour.now.monotonic += UInt64(random.below(700))
      if !model.isOpen(connection) {
        let (user, isChat) = ("u\(random.below(5))", random.below(2) == 0)
        parlour.open(connection, user, chat: isChat ? room : "")
        model.open(connection, user, isChat ? room : nil)
      } else {
        switch random.below(9) {
        case 0:
          parlour.close(connection)
          model.close(connection)
        case 1, 2:
          parlour.ask("leave_room", room, from: connection)
          model.leave(room, connection)
        case 3, 4, 5:
          parlour.ask("join_room", room, from: connection)
          model.join(room, connection)
        case 6:
          parlour.ask("typing", room, from: connection)
          model.type(room, connection, at: parlour.now.monotonic)
        case 7:
          parlour.broadcast("\(round)", in: room, from: connection)
          model.say("\(round)", room, connection, isChat: false)
        default:
          parlour.say("\(round)", in: room, from: connection)
          model.say("\(round)", room, connection, isChat: true)
        }
      }
      for connection in 0..<8 where model.isOpen(connection) {
        // In which order one leaves two rooms at its end, nobody says.
        #expect(try parlour.events(connection).sorted() == model.take(connection).sorted())
      }
      #expect(parlour.rooms == model.names && parlour.presenceCount == model.presenceCount)
      #expect(parlour.membershipCount == model.membershipCount)
      #expect(parlour.rooms(.chat) + parlour.rooms(.general) == parlour.roomCount)
    }
    for connection in 0..<8 where model.isOpen(connection) { parlour.close(connection) }
    #expect(parlour.roomCount == 0 && parlour.presenceCount == 0 && parlour.membershipCount == 0)
    #expect(parlour.rooms(.chat) == 0 && parlour.rooms(.general) == 0)
    #expect(parlour.connections(.chat) == 0 && parlour.slotsInUse == 0)
  }
}
