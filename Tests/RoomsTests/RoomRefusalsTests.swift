import Testing

@testable import Rooms

@Suite struct RoomRefusalsTests {
  @Test func anErrorHasWordsAndACode() throws {
    let hall = Hall()
    hall.open(0, "ann")
    hall.send("{", from: 0)
    let error = try #require(try hall.take(0).first)
    #expect(Set(error.keys) == ["type", "content", "timestamp", "data"])
    #expect(error["type"] as? String == "error")
    #expect(error["content"] as? String == "Invalid JSON: send one object a message")
    #expect(error["timestamp"] as? Int == 1_234_567_890)
    #expect(error["data"] as? [String: String] == ["code": "invalid_message"])
  }

  @Test func theTwoLimitsOfRoomsSayWhichOneItIs() throws {
    let hall = Hall(rooms: 2, roomsEach: 1)
    hall.open(0, "ann", room: "a")
    hall.join("b", 0)
    let ofOne = try #require(try hall.take(0).last?["content"] as? String)
    hall.open(1, "bob", room: "b")
    hall.open(2, "cid", room: "c")
    let ofAll = try #require(try hall.take(2).last?["content"] as? String)
    #expect(ofOne.contains("leave one") && ofAll.contains("too many rooms") && ofOne != ofAll)
  }
}
