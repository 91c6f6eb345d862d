import Delivery
import JSON
import Memory

/// What general and chat connections are told, as JSON in a draft (PROTOCOL.md, section 8).
extension ByteWriter {
  /// - Parameter value: as it came.
  mutating func echo(_ value: RawSpan, at now: Moment) {
    beginTyped("echo")
    member("message", raw: value)
    endTyped(at: now)
  }

  /// What one is told who joined or left: `room_joined`, `room_left`.
  mutating func roomChanged(_ type: StaticString, _ room: ShortText, at now: Moment) {
    beginTyped(type)
    member("room", room.bytes)
    endTyped(at: now)
  }

  /// What was said: `room_message`, `chat_message`.
  ///
  /// - Parameter value: as it came.
  mutating func roomMessage(
    _ type: StaticString, in room: ShortText, _ value: RawSpan, from sender: borrowing TypedSender,
    at now: Moment
  ) {
    beginTyped(type)
    member("room", room.bytes)
    member("message", raw: value)
    member("sender_id", sender.id.bytes)
    member("sender_name", sender.name.bytes)
    endTyped(at: now)
  }

  /// What others are told of a user: `user_joined`, `user_left`, `user_typing`.
  mutating func userNews(
    _ type: StaticString, in room: ShortText, _ user: borrowing TypedSender, at now: Moment
  ) {
    beginTyped(type)
    member("room", room.bytes)
    member("user_id", user.id.bytes)
    member("username", user.name.bytes)
    endTyped(at: now)
  }
}
