import Memory
import Testing

@testable import TypedConnections

@Suite struct TestSessionMessageTests {
  private func read(_ text: String) throws(TestSessionRefusal) -> TestSessionMessage {
    try TestSessionMessage.read(Array(text.utf8).span.raw)
  }

  @Test(arguments: [
    ("ping", TestSessionAction.ping), ("pong", .pong), ("get_session_status", .status),
    ("start_session", .start), ("answer_update", .answer), ("submit", .submit), ("x", .unknown),
  ])
  func theTypeTellsWhatIsAsked(_ type: String, _ action: TestSessionAction) throws {
    let message = try read(#"{"x":[1],"type":"\#(type)"}"#)
    #expect(message.action == action)
  }

  @Test(arguments: ["", "{", "[]", "7", #"{"type":"ping"}x"#, #"{"answer":tru}"#])
  func whatIsNoObjectIsMalformed(_ text: String) {
    #expect(throws: TestSessionRefusal.malformed) { try read(text) }
  }

  @Test(arguments: ["{}", #"{"type":7}"#, #"{"type":null}"#])
  func aMessageNeedsAType(_ text: String) {
    #expect(throws: TestSessionRefusal.noType) { try read(text) }
  }

  @Test(arguments: [
    (#""q1""#, "q1", false), ("7", "7", true), ("-7", "-7", true), ("-0", "0", true),
    (#""7""#, "7", false), (#""\u00e9\n""#, "é\n", false),
    ("9223372036854775807", "9223372036854775807", true),
    ("-9223372036854775808", "-9223372036854775808", true),
  ])
  func aQuestionIsATextOrAWholeNumber(_ json: String, _ text: String, _ isNumber: Bool) throws {
    let question = try read(#"{"type":"x","question_id":\#(json)}"#).question()
    #expect(question.text == brief(text) && question.isNumber == isNumber)
  }

  @Test(arguments: ["\"\"", "1.0", "1e2", "null", "true", "[1]", "{}", "9223372036854775808"])
  func othersAreNone(_ json: String) throws {
    let message = try read(#"{"type":"x","question_id":\#(json)}"#)
    #expect(throws: TestSessionRefusal.question) { try message.question() }
  }

  @Test func aQuestionHasItsBounds() throws {
    let long = String(repeating: "x", count: 64)
    let message = try read(#"{"type":"x","question_id":"\#(long)"}"#)
    #expect(try message.question().text == brief(long))
    let longer = try read(#"{"type":"x","question_id":"\#(long)y"}"#)
    #expect(throws: TestSessionRefusal.question) { try longer.question() }
    let missing = try read(#"{"type":"x"}"#)
    #expect(throws: TestSessionRefusal.question) { try missing.question() }
  }

  @Test func anAnswerIsWhatStandsThere() throws {
    let text = #"{"type":"x", "answer" : {"a": [1, null]} }"#
    let range = try read(text).answer()
    #expect(String(decoding: Array(text.utf8)[range], as: UTF8.self) == #"{"a": [1, null]}"#)
    let missing = try read(#"{"type":"x"}"#)
    #expect(throws: TestSessionRefusal.answer) { try missing.answer() }
    #expect(try read(#"{"type":"x","answer":null}"#).answer().count == 4)
  }
}
