import Delivery
import Memory
import Testing

@testable import TypedConnections

@Suite struct TypedRoomRepliesTests {
  private let now = Moment(monotonic: 0, wall: 1_752_143_400_000)
  private let time = #""timestamp":"2025-07-10T10:30:00.000Z"}"#
  private let room = ShortText(text: "a\"b")

  private func written(_ write: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 512)
    write(&writer)
    return String(decoding: (0..<writer.count).map { writer.bytes[$0] }, as: UTF8.self)
  }

  private func sender() -> TypedSender {
    var users = Users(connections: 1, seed: 1)
    users.enter(0, id: ShortText(text: "7"), name: ShortText(text: "Ann"))
    return TypedSender(0, of: users)
  }

  @Test func anEchoIsByteForByte() {
    let value = Array(#"[1, 2.50,"\u00e9"]"#.utf8)
    let text = written { $0.echo(value.span.raw, at: now) }
    #expect(text == #"{"type":"echo","message":[1, 2.50,"\u00e9"],"# + time)
  }

  @Test func aRoomIsNamedAsItIsCalled() {
    let text = written { $0.roomChanged("room_left", room, at: now) }
    #expect(text == #"{"type":"room_left","room":"a\"b","# + time)
  }

  @Test func whatIsSaidNamesItsSender() {
    let (value, sender) = (Array("null".utf8), sender())
    let text = written {
      $0.roomMessage("chat_message", in: room, value.span.raw, from: sender, at: now)
    }
    #expect(
      text == #"{"type":"chat_message","room":"a\"b","message":null,"sender_id":"7","#
        + #""sender_name":"Ann","# + time)
  }

  @Test func newsNamesAUser() {
    let sender = sender()
    let text = written { $0.userNews("user_typing", in: room, sender, at: now) }
    #expect(
      text == #"{"type":"user_typing","room":"a\"b","user_id":"7","username":"Ann","# + time)
  }
}
