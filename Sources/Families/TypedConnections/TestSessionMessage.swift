import JSON
import Memory

/// What a client asks of a session.
enum TestSessionAction { case ping, pong, status, start, answer, submit, unknown }

/// A client's message, read whole before anything is done about it.
struct TestSessionMessage {
  private(set) var action = TestSessionAction.unknown
  private var hasType = false
  /// Nil when there is none or when it can be none.
  private var id: TestSessionQuestion?
  /// Where the answer stands in the message.
  private var value: Range<Int>?

  static func read(_ bytes: RawSpan) throws(TestSessionRefusal) -> TestSessionMessage {
    var message = TestSessionMessage()
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

  /// The question, which an answer needs.
  func question() throws(TestSessionRefusal) -> TestSessionQuestion {
    guard let id else { throw .question }
    return id
  }

  /// Where the answer stands in the message.
  func answer() throws(TestSessionRefusal) -> Range<Int> {
    guard let value else { throw .answer }
    return value
  }

  private mutating func readMember(
    _ name: JSONString, _ json: inout JSONReader
  ) throws(JSONError) {
    if name.equals("type") {
      try readType(&json)
    } else if name.equals("question_id") {
      try readQuestion(&json)
    } else if name.equals("answer") {
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
    action = TestSessionMessage.action(try json.readString())
  }

  private static func action(_ name: JSONString) -> TestSessionAction {
    if name.equals("answer_update") { return .answer }
    if name.equals("get_session_status") { return .status }
    if name.equals("start_session") { return .start }
    if name.equals("submit") { return .submit }
    if name.equals("ping") { return .ping }
    if name.equals("pong") { return .pong }
    return .unknown
  }

  private mutating func readQuestion(_ json: inout JSONReader) throws(JSONError) {
    id = nil
    switch try json.peekKind() {
    case .string:
      let (text, isWhole) = try json.readString().shortText()
      if isWhole, !text.isEmpty { id = TestSessionQuestion(text) }
    case .number: try readNumber(&json)
    default: _ = try json.skipValue()
    }
  }

  private mutating func readNumber(_ json: inout JSONReader) throws(JSONError) {
    do throws(JSONError) {
      id = TestSessionQuestion(try json.readInteger())
    } catch .mismatch {
      _ = try json.skipValue()
    } catch .numberOutOfRange {
      _ = try json.skipValue()
    } catch {
      throw error
    }
  }
}
