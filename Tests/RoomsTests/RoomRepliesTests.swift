import Testing

@testable import Rooms

/// Every reply, member by member, against PROTOCOL.md, section 6.
@Suite struct RoomRepliesTests {
  private func text(_ object: [String: Any]?) throws -> String {
    try Hall.text(#require(object))
  }

  private func hall() -> Hall {
    let hall = Hall(history: 2)
    hall.open(0, "7", name: "A\"\u{1}\u{E9}", room: "l\"")
    return hall
  }

  private let author = #""user_id":"7","username":"A\"\u0001é""#

  @Test func joinAndUserList() throws {
    let objects = try hall().take(0)
    #expect(
      try text(objects.first)
        == #"{"room":"l\"","timestamp":1234567890,"type":"join",\#(author)}"#)
    #expect(
      try text(objects.last)
        == #"{"data":["A\"\u0001é"],"room":"l\"","timestamp":1234567890,"type":"user_list"}"#)
  }

  @Test func joinWithSince() throws {
    let hall = hall()
    hall.open(1, "8", room: "l\"", since: 5)
    #expect(
      try text(hall.take(1).first) == #"{"data":{"recovered":false},"room":"l\"","#
        + #""timestamp":1234567890,"type":"join","user_id":"8","username":"8"}"#)
    #expect(try hall.take(0).last?["data"] == nil)
  }

  @Test func leave() throws {
    let hall = hall()
    _ = try hall.take(0)
    hall.send(#"{"type":"leave","room":"l\""}"#, from: 0)
    #expect(
      try text(hall.take(0).first)
        == #"{"room":"l\"","timestamp":1234567890,"type":"leave",\#(author)}"#)
  }

  @Test func message() throws {
    let hall = hall()
    _ = try hall.take(0)
    hall.send(#"{"type":"message","room":"l\"","content":"h\ti"}"#, from: 0)
    #expect(
      try text(hall.take(0).first) == #"{"content":"h\ti","id":1000000,"room":"l\"","#
        + #""timestamp":1234567890,"type":"message",\#(author)}"#)
    hall.send(#"{"type":"message","room":"l\"","content":"","data":[null,{"a":1}]}"#, from: 0)
    #expect(
      try text(hall.take(0).first) == #"{"content":"","data":[null,{"a":1}],"id":1000001,"#
        + #""room":"l\"","timestamp":1234567890,"type":"message",\#(author)}"#)
  }

  @Test func pong() throws {
    let hall = hall()
    hall.send(#"{"type":"ping"}"#, from: 0)
    #expect(try text(hall.take(0).last) == #"{"timestamp":1234567890,"type":"pong"}"#)
  }

  @Test func anonymousMembersHaveNames() throws {
    let hall = Hall()
    hall.open(0, room: "a")
    hall.open(1, name: "Zoe", room: "a")
    let echo = try hall.take(0)
    #expect(echo.first?["user_id"] as? String == "anon-1")
    #expect(echo.first?["username"] as? String == "guest-1")
    let other = try hall.take(1)
    #expect(other.first?["user_id"] as? String == "anon-2")
    #expect(other.last?["data"] as? [String] == ["guest-1", "Zoe"])
  }
}
