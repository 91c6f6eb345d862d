import Testing

@testable import Rooms

@Suite struct RoomMessageTests {
  private func read(_ text: String) throws(RoomRefusal) -> RoomMessage {
    try RoomMessage.read(Array(text.utf8).span.raw)
  }

  @Test(arguments: ["join", "leave", "message", "user_list", "ping", "pong"])
  func typesAreKnown(_ type: String) throws {
    let actions: [String: RoomAction] = [
      "join": .join, "leave": .leave, "message": .message, "user_list": .userList, "ping": .ping,
      "pong": .pong,
    ]
    #expect(try read(#"{"type":"\#(type)"}"#).action == actions[type])
    #expect(try read(#"{"type":"\#(type)s"}"#).action == .unknown)
  }

  @Test func membersThatAreNotKnownAreSkipped() throws {
    let message = try read(
      #"{"id":7,"type":"join","room":"a","username":["x",{"room":"b"}],"timestamp":1}"#)
    #expect(try message.room() == short("a"))
  }

  @Test func textAndDataStandWhereTheyWereWritten() throws {
    let text = #"{"type":"message","content":"a\nb","data": [1, {"x":null}] }"#
    let message = try read(text)
    let bytes = Array(text.utf8)
    #expect(String(decoding: bytes[try message.content()], as: UTF8.self) == #"a\nb"#)
    let data = try #require(message.data)
    #expect(String(decoding: bytes[data], as: UTF8.self) == #"[1, {"x":null}]"#)
  }

  @Test func sinceIsAWholeNumber() throws {
    #expect(try read(#"{"type":"join"}"#).since() == nil)
    #expect(try read(#"{"type":"join","since":0}"#).since() == 0)
    let largest = Int64.max
    #expect(try read(#"{"type":"join","since":\#(largest)}"#).since() == UInt64(largest))
    for value in ["-1", "1.0", "1e2", "null", #""1""#, "[1]", "9223372036854775808"] {
      let message = try read(#"{"type":"join","since":\#(value)}"#)
      #expect(throws: RoomRefusal.since) { try message.since() }
    }
  }

  @Test func aRoomHas64BytesAtMostOnceDecoded() throws {
    let longest = String(repeating: "a", count: 63)
    #expect(try read(#"{"type":"join","room":"\#(longest)\u0062"}"#).room() == short(longest + "b"))
    for room in [longest + "bc", longest + #"\u00e9"#, "", #"\n"#] {
      let message = try read(#"{"type":"join","room":"\#(room)"}"#)
      #expect(throws: RoomRefusal.room) { try message.room() }
    }
  }

  @Test func whatIsNoObjectWithATypeIsRefused() {
    for text in ["", "7", "{", #"{"type":"ping"}}"#, #"{"type":"ping","x":01}"#] {
      #expect(throws: RoomRefusal.malformed) { _ = try read(text) }
    }
    for text in ["{}", #"{"type":null}"#, #"{"type":"ping","type":1}"#] {
      #expect(throws: RoomRefusal.noType) { _ = try read(text) }
    }
  }
}
