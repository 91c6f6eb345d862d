import Memory
import Testing

@testable import TypedConnections

@Suite struct TypedRoomMessageTests {
  private func read(_ text: String) throws(TypedRoomRefusal) -> TypedRoomMessage {
    try TypedRoomMessage.read(Array(text.utf8).span.raw)
  }

  @Test(arguments: [
    ("echo", TypedRoomAction.echo), ("join_room", .join), ("leave_room", .leave),
    ("broadcast_to_room", .broadcast), ("send_message", .say), ("typing", .typing),
    ("ping", .ping), ("pong", .pong), ("Echo", .unknown), ("", .unknown),
  ])
  func everyTypeIsKnown(_ type: String, _ action: TypedRoomAction) throws {
    #expect(try read(#"{"type":"\#(type)"}"#).action == action)
  }

  @Test func eachKindHasItsTypes() {
    let all: [TypedRoomAction] = [
      .echo, .join, .leave, .broadcast, .say, .typing, .ping, .pong, .unknown,
    ]
    let general = all.filter { $0.isKnown(to: .general) }
    #expect(general == [.echo, .join, .leave, .broadcast, .ping, .pong])
    let chat = all.filter { $0.isKnown(to: .chat) }
    #expect(chat == [.join, .leave, .say, .typing, .ping, .pong])
  }

  @Test(arguments: [
    "", "{", "[]", "7", #"{"type":"ping"}x"#, #"{"type":"ping""#, "{\"type\":\"\u{1}\"}",
  ])
  func whatIsNoObjectIsRefused(_ text: String) {
    #expect(throws: TypedRoomRefusal.malformed) { try read(text) }
  }

  @Test(arguments: ["{}", #"{"type":7}"#, #"{"type":null}"#, #"{"type":"ping","type":[]}"#])
  func aTypeIsNeeded(_ text: String) {
    #expect(throws: TypedRoomRefusal.noType) { try read(text) }
  }

  @Test func aRoomIsTheOneNamedOrHome() throws {
    let home = ShortText(text: "home")
    let none = try read(#"{"type":"typing"}"#)
    #expect(try none.room(or: home) == home)
    #expect(throws: TypedRoomRefusal.room) { try none.room() }
    let named = try read(#"{"type":"typing","room":"caf\u00e9"}"#)
    #expect(try named.room(or: home).text == "caf\u{E9}")
    #expect(try named.room().text == "caf\u{E9}")
  }

  @Test(arguments: [
    #""""#, "7", "null", "[]", #""a/b""#, #""\u0000""#, #""\n""#,
    "\"" + String(repeating: "x", count: 65) + "\"", #""a","room":7"#,
  ])
  func aBadRoomIsNotHome(_ room: String) throws {
    let message = try read(#"{"type":"typing","room":\#(room)}"#)
    #expect(throws: TypedRoomRefusal.room) { try message.room(or: ShortText(text: "home")) }
    #expect(throws: TypedRoomRefusal.room) { try message.room() }
  }

  @Test func aMessageStandsWhereItStands() throws {
    for (value, isText) in [
      (#""a\"b""#, true), ("[1, 2]", false), ("null", false), ("-0.0", false),
    ] {
      let text = #"{"message": \#(value) ,"type":"x"}"#
      let message = try read(text)
      let range = try message.anyMessage()
      #expect(String(decoding: Array(text.utf8)[range], as: UTF8.self) == value)
      if isText {
        #expect(try message.textMessage() == range)
      } else {
        #expect(throws: TypedRoomRefusal.noText) { try message.textMessage() }
      }
    }
    let none = try read(#"{"type":"x"}"#)
    #expect(throws: TypedRoomRefusal.noMessage) { try none.anyMessage() }
    #expect(throws: TypedRoomRefusal.noText) { try none.textMessage() }
  }
}
