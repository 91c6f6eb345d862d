import JSON
import Memory

/// What a client says, once all of its message was read.
enum EmotionAction {
  case update(ShortText)
  case ping
  case pong
}

/// Why a message is refused; it has changed nothing.
enum EmotionRefusal: Error {
  /// No JSON object with a type.
  case malformed
  case unknownType
  /// The emotion is missing or no string.
  case noEmotion
  /// The emotion is empty or too long.
  case size
  case notAllowed
  case tooFast
}

/// A client's message, read whole before anything is done about it.
struct EmotionMessage {
  private enum Kind { case none, update, ping, pong, unknown }

  private var kind = Kind.none
  private var hasEmotion = false
  /// Nil when it is too long.
  private var emotion: ShortText?

  static func read(_ bytes: RawSpan) throws(EmotionRefusal) -> EmotionAction {
    var message = EmotionMessage()
    do throws(JSONError) {
      var json = JSONReader(bytes)
      try json.beginObject()
      while let name = try json.nextMember() { try message.readMember(name, &json) }
      try json.end()
    } catch {
      throw .malformed
    }
    switch message.kind {
    case .none: throw .malformed
    case .unknown: throw .unknownType
    case .ping: return .ping
    case .pong: return .pong
    case .update: break
    }
    guard message.hasEmotion else { throw .noEmotion }
    guard let emotion = message.emotion, !emotion.isEmpty else { throw .size }
    return .update(emotion)
  }

  private mutating func readMember(
    _ name: JSONString, _ json: inout JSONReader
  ) throws(JSONError) {
    if name.equals("type") {
      kind = try EmotionMessage.readKind(&json)
    } else if name.equals("emotion") {
      try readEmotion(&json)
    } else {
      _ = try json.skipValue()
    }
  }

  private static func readKind(_ json: inout JSONReader) throws(JSONError) -> Kind {
    guard try json.peekKind() == .string else {
      _ = try json.skipValue()
      return .none
    }
    let name = try json.readString()
    if name.equals("emotion_update") { return .update }
    if name.equals("ping") { return .ping }
    if name.equals("pong") { return .pong }
    return .unknown
  }

  private mutating func readEmotion(_ json: inout JSONReader) throws(JSONError) {
    hasEmotion = try json.peekKind() == .string
    if hasEmotion {
      let (text, isWhole) = try json.readString().shortText()
      emotion = isWhole ? text : nil
    } else {
      _ = try json.skipValue()
    }
  }
}
