import Memory
import Testing

@testable import TypedConnections

@Suite struct NotificationMessageTests {
  private func read(_ text: String) throws(NotificationRefusal) -> NotificationAction {
    try NotificationMessage.read(Array(text.utf8).span.raw)
  }

  private func mark(_ id: String) throws(NotificationRefusal) -> NotificationAction {
    try read(#"{"type":"mark_notification_read","notification_id":\#(id)}"#)
  }

  @Test func anIDIsANumberOrItsDigits() throws {
    #expect(try mark("1752143400000000") == .mark(1_752_143_400_000_000))
    #expect(try mark(#""1752143400000000""#) == .mark(1_752_143_400_000_000))
    #expect(try mark("0") == .mark(0))
    #expect(try mark("9223372036854775807") == .mark(9_223_372_036_854_775_807))
    #expect(try mark(#""999999999999999999""#) == .mark(999_999_999_999_999_999))
  }

  @Test(arguments: [
    "-1", "1.0", "1e3", "9223372036854775808", "12345678901234567890123", #""""#, #""x""#,
    #""1x""#, #"" 1""#, #""0""#, #""01""#, #""+1""#, #""\u0031""#, "null", "true", "[]", "{}",
    #""1234567890123456789""#, #"7,"notification_id":null"#,
  ])
  func otherThingsAreNone(_ id: String) {
    #expect(throws: NotificationRefusal.id) { try mark(id) }
  }

  @Test(arguments: [
    ("", NotificationRefusal.malformed), ("[]", .malformed), (#"{"type":"ping"}}"#, .malformed),
    (#"{"type":"mark_notification_read","notification_id":01}"#, .malformed),
    (#"{"type":"mark_notification_read","notification_id":1"#, .malformed),
    ("{}", .noType), (#"{"type":1}"#, .noType), (#"{"type":"ping","type":null}"#, .noType),
    (#"{"type":"notification"}"#, .unknownType), (#"{"type":"echo"}"#, .unknownType),
    (#"{"type":"mark_notification_read"}"#, .id),
  ])
  func aBadOneIsRefused(_ text: String, _ refusal: NotificationRefusal) {
    #expect(throws: refusal) { try read(text) }
  }

  @Test func pingAndPongNeedNoMore() throws {
    #expect(try read(#"{"notification_id":[],"type":"ping"}"#) == .ping)
    #expect(try read(#"{"type":"pong"}"#) == .pong)
  }

  @Test func everyRefusalHasWordsOfItsOwnThatNeedNoEscape() {
    let texts = NotificationRefusal.allCases.map { "\($0.text)" }
    #expect(Set(texts).count == texts.count)
    for text in texts { #expect(!text.contains("\"") && !text.contains("\\")) }
  }
}
