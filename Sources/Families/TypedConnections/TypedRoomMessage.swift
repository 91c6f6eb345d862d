import JSON
import Memory

/// What a client of a general or chat connection asks.
enum TypedRoomAction {
  case echo, join, leave, broadcast, say, typing, ping, pong, unknown

  /// Whether connections of one kind may ask it.
  func isKnown(to scope: TypedRoomScope) -> Bool {
    switch self {
    case .join, .leave, .ping, .pong: true
    case .echo, .broadcast: scope == .general
    case .say, .typing: scope == .chat
    case .unknown: false
    }
  }
}

/// A client's message, read whole before anything is done about it.
struct TypedRoomMessage {
  private enum Room { case absent, bad, named(ShortText) }

  private(set) var action = TypedRoomAction.unknown
  private var hasType = false
  private var room = Room.absent
  /// Where `message` stands, quotes and all.
  private var value: Range<Int>?
  private var isText = false

  static func read(_ bytes: RawSpan) throws(TypedRoomRefusal) -> TypedRoomMessage {
    var message = TypedRoomMessage()
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

  /// The room's name, decoded.
  ///
  /// - Parameter home: the room that is meant when none is named, empty when one has to be.
  func room(or home: ShortText = ShortText()) throws(TypedRoomRefusal) -> ShortText {
    switch room {
    case .absent where !home.isEmpty: return home
    case .absent, .bad: throw .room
    case .named(let name):
      guard Identifier.isRoomName(name.bytes) else { throw .room }
      return name
    }
  }

  /// Where the message's `message` stands, whatever it is.
  func anyMessage() throws(TypedRoomRefusal) -> Range<Int> {
    guard let value else { throw .noMessage }
    return value
  }

  /// Where the message's `message` stands, which has to be a string.
  func textMessage() throws(TypedRoomRefusal) -> Range<Int> {
    guard let value, isText else { throw .noText }
    return value
  }

  private mutating func readMember(
    _ name: JSONString, _ json: inout JSONReader
  ) throws(JSONError) {
    if name.equals("type") {
      try readType(&json)
    } else if name.equals("room") {
      try readRoom(&json)
    } else if name.equals("message") {
      isText = try json.peekKind() == .string
      value = try json.skipValue()
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
    action = TypedRoomMessage.action(try json.readString())
  }

  private static func action(_ name: JSONString) -> TypedRoomAction {
    if name.equals("send_message") { return .say }
    if name.equals("broadcast_to_room") { return .broadcast }
    if name.equals("typing") { return .typing }
    if name.equals("echo") { return .echo }
    if name.equals("ping") { return .ping }
    if name.equals("pong") { return .pong }
    if name.equals("join_room") { return .join }
    if name.equals("leave_room") { return .leave }
    return .unknown
  }

  private mutating func readRoom(_ json: inout JSONReader) throws(JSONError) {
    if try json.peekKind() == .string {
      let (text, isWhole) = try json.readString().shortText()
      room = isWhole ? .named(text) : .bad
    } else {
      room = .bad
      _ = try json.skipValue()
    }
  }
}
