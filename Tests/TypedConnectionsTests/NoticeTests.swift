import Memory
import Testing

@testable import TypedConnections

@Suite struct NoticeTests {
  private func read(_ text: String) throws(NoticeError) -> Notice {
    try Notice.read(Array(text.utf8).span.raw)
  }

  private func part(_ text: String, _ range: Range<Int>) -> String {
    String(decoding: Array(text.utf8)[range], as: UTF8.self)
  }

  @Test func whatItSaysStandsWhereItStands() throws {
    let text = #"{"x":[1],"title": "a\"b" ,"message":"\u00e9","priority":"urgent","type":"t"}"#
    let notice = try read(text)
    #expect(part(text, notice.title) == #""a\"b""#)
    #expect(notice.message.map { part(text, $0) } == #""\u00e9""#)
    #expect(notice.priority == .urgent)
  }

  @Test func aTitleIsEnough() throws {
    let notice = try read(#"{"title":""}"#)
    #expect(notice.message == nil && notice.priority == .normal)
  }

  @Test(arguments: [
    ("", NoticeError.malformed), ("[]", .malformed), (#"{"title":"x"} x"#, .malformed),
    (#"{"title":"x","message":"#, .malformed), (#"{"title":"x","priority":x}"#, .malformed),
    ("{}", .noTitle), (#"{"message":"x","priority":7}"#, .noTitle),
    (#"{"title":7}"#, .title), (#"{"title":null}"#, .title), (#"{"title":"x","title":[]}"#, .title),
    (#"{"title":"x","message":1}"#, .message), (#"{"title":"x","message":null}"#, .message),
    (#"{"title":"x","message":"y","message":{}}"#, .message),
    (#"{"title":"x","priority":"High"}"#, .priority), (#"{"title":"x","priority":""}"#, .priority),
    (#"{"title":"x","priority":1}"#, .priority), (#"{"title":"x","priority":null}"#, .priority),
    (#"{"title":"x","priority":"low","priority":[]}"#, .priority),
  ])
  func aBadOneSaysWhichMember(_ text: String, _ error: NoticeError) {
    #expect(throws: error) { try read(text) }
  }

  @Test func theLastOfTwoMembersOfOneNameCounts() throws {
    let text = #"{"title":1,"priority":[],"message":{},"title":"t","message":"m","priority":"low"}"#
    let notice = try read(text)
    #expect(part(text, notice.title) == #""t""# && notice.priority == .low)
    #expect(notice.message.map { part(text, $0) } == #""m""#)
  }

  @Test func everyErrorHasWordsOfItsOwn() {
    let texts = NoticeError.allCases.map { "\($0.message)" }
    #expect(Set(texts).count == texts.count)
    for text in texts { #expect(!text.contains("\"") && !text.contains("\\")) }
  }
}
