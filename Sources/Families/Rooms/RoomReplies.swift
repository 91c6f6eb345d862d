import Delivery
import JSON
import Memory

/// Who says something: copied out of the users, so that a draft may be written meanwhile.
struct Author {
  let id: ShortText
  let name: ShortText

  init(_ user: Int, of users: borrowing Users) {
    id = users.id(of: user)
    name = users.name(of: user)
  }
}

/// What rooms say, as JSON in a draft (PROTOCOL.md, section 6).
extension ByteWriter {
  private mutating func begin(_ type: StaticString) {
    beginObject()
    member("type", type)
  }

  /// Unix seconds, whole ones.
  private mutating func timestamp(_ now: Moment) { member("timestamp", now.wall / 1000) }

  private mutating func author(_ author: borrowing Author) {
    member("user_id", author.id.bytes)
    member("username", author.name.bytes)
  }

  /// - Parameter recovered: whether nothing was missed, for one who asked.
  mutating func joined(
    _ room: ShortText, _ user: borrowing Author, recovered: Bool? = nil, at now: Moment
  ) {
    begin("join")
    member("room", room.bytes)
    author(user)
    timestamp(now)
    if let recovered {
      name("data")
      beginObject()
      member("recovered", recovered)
      endObject()
    }
    endObject()
  }

  mutating func left(_ room: ShortText, _ user: borrowing Author, at now: Moment) {
    begin("leave")
    member("room", room.bytes)
    author(user)
    timestamp(now)
    endObject()
  }

  /// - Parameters:
  ///   - payload: what the client sent.
  ///   - content: where the text stands in it, which is passed on as it was written.
  ///   - data: where that stands in it, likewise.
  mutating func message(
    _ id: UInt64, in room: ShortText, _ user: borrowing Author, _ payload: RawSpan,
    _ content: Range<Int>, _ data: Range<Int>?, at now: Moment
  ) {
    begin("message")
    member("room", room.bytes)
    name("content")
    append(UInt8(ascii: "\""))
    append(payload.extracting(content))
    append(UInt8(ascii: "\""))
    author(user)
    timestamp(now)
    if let data { member("data", raw: payload.extracting(data)) }
    member("id", id)
    endObject()
  }

  mutating func beginUserList(_ room: ShortText) {
    begin("user_list")
    member("room", room.bytes)
    name("data")
    beginArray()
  }

  mutating func endUserList(at now: Moment) {
    endArray()
    timestamp(now)
    endObject()
  }

  mutating func pong(at now: Moment) {
    begin("pong")
    timestamp(now)
    endObject()
  }

  mutating func refusal(_ refusal: RoomRefusal, at now: Moment) {
    begin("error")
    member("content", refusal.text)
    timestamp(now)
    name("data")
    beginObject()
    member("code", refusal.code)
    endObject()
    endObject()
  }
}
