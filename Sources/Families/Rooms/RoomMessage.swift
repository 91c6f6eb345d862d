import JSON
import Memory

/// What a client asks of its rooms.
enum RoomAction { case join, leave, message, userList, ping, pong, unknown }

/// A client's message, read whole before anything is done about it.
struct RoomMessage {
  private(set) var action = RoomAction.unknown
  /// The room's name, decoded; nil when there is none or when it can be none.
  private var name: ShortText?
  /// The last id that the client has seen.
  private var lastSeen: UInt64?
  private var hasBadSince = false
  /// Where the text stands in the message, without its quotes.
  private var text: Range<Int>?
  /// Where `data` stands in the message.
  private(set) var data: Range<Int>?
  private var hasType = false

  static func read(_ bytes: RawSpan) throws(RoomRefusal) -> RoomMessage {
    var message = RoomMessage()
    do throws(JSONError) {
      var json = JSONReader(bytes)
      try json.beginObject()
      while let name = try json.nextMember() { try message.readMember(name, &json) }
      try json.end()
    } catch {
      throw .malformed
    }
    guard message.hasType else { throw .noType }
    return message
  }

  /// The room, which this kind of message needs.
  func room() throws(RoomRefusal) -> ShortText {
    guard let name, Identifier.isRoomName(name.bytes) else { throw .room }
    return name
  }

  /// The last id that the client has seen, when it says.
  func since() throws(RoomRefusal) -> UInt64? {
    if hasBadSince { throw .since }
    return lastSeen
  }

  /// The text, which this kind of message needs.
  func content() throws(RoomRefusal) -> Range<Int> {
    guard let text else { throw .content }
    return text
  }

  private mutating func readMember(
    _ name: JSONString, _ json: inout JSONReader
  ) throws(JSONError) {
    if name.equals("type") {
      try readType(&json)
    } else if name.equals("room") {
      try readRoom(&json)
    } else if name.equals("content") {
      try readContent(&json)
    } else if name.equals("data") {
      data = try json.skipValue()
    } else if name.equals("since") {
      try readSince(&json)
    } else {
      _ = try json.skipValue()
    }
  }

  private mutating func readType(_ json: inout JSONReader) throws(JSONError) {
    hasType = try json.peekKind() == .string
    guard hasType else {
      _ = try json.skipValue()
      return
    }
    action = RoomMessage.action(try json.readString())
  }

  private static func action(_ name: JSONString) -> RoomAction {
    if name.equals("message") { return .message }
    if name.equals("join") { return .join }
    if name.equals("leave") { return .leave }
    if name.equals("user_list") { return .userList }
    if name.equals("ping") { return .ping }
    if name.equals("pong") { return .pong }
    return .unknown
  }

  private mutating func readRoom(_ json: inout JSONReader) throws(JSONError) {
    if try json.peekKind() == .string {
      let (text, isWhole) = try json.readString().shortText()
      name = isWhole ? text : nil
    } else {
      name = nil
      _ = try json.skipValue()
    }
  }

  private mutating func readContent(_ json: inout JSONReader) throws(JSONError) {
    if try json.peekKind() == .string {
      text = try json.readString().range
    } else {
      text = nil
      _ = try json.skipValue()
    }
  }

  private mutating func readSince(_ json: inout JSONReader) throws(JSONError) {
    lastSeen = nil
    do throws(JSONError) {
      let id = try json.readInteger()
      if id >= 0 { lastSeen = UInt64(id) }
    } catch .mismatch {
      _ = try json.skipValue()
    } catch .numberOutOfRange {
      _ = try json.skipValue()
    } catch {
      throw error
    }
    hasBadSince = lastSeen == nil
  }
}
