import Memory
import Testing

@testable import EmotionSync

@Suite struct EmotionMessageTests {
  private func read(_ text: String) throws(EmotionRefusal) -> EmotionAction {
    try EmotionMessage.read(Array(text.utf8).span.raw)
  }

  private func emotion(_ text: String) throws -> String? {
    guard case .update(let emotion) = try read(text) else { return nil }
    return String(
      decoding: (0..<emotion.bytes.byteCount).map { emotion.bytes[$0] }, as: UTF8.self)
  }

  @Test func anEmotionIsDecoded() throws {
    #expect(try emotion(#"{"type":"emotion_update","emotion":"sad"}"#) == "sad")
    #expect(
      try emotion(#"{"emotion":"\u00e9\ud83d\ude00","type":"emotion_update","x":[1]}"#)
        == "\u{E9}\u{1F600}")
    let longest = String(repeating: "\u{E9}", count: 32)
    #expect(try emotion(#"{"type":"emotion_update","emotion":"\#(longest)"}"#) == longest)
    #expect(throws: EmotionRefusal.size) {
      _ = try read(#"{"type":"emotion_update","emotion":"\#(longest)x"}"#)
    }
  }

  @Test func theLastOfTwoMembersOfOneNameCounts() throws {
    #expect(
      try emotion(#"{"type":"ping","emotion":7,"emotion":"a","type":"emotion_update"}"#) == "a")
    #expect(throws: EmotionRefusal.noEmotion) {
      _ = try read(#"{"type":"emotion_update","emotion":"a","emotion":null}"#)
    }
    #expect(throws: EmotionRefusal.malformed) { _ = try read(#"{"type":"ping","type":null}"#) }
  }

  @Test func otherKinds() throws {
    if case .ping = try read(#"{"type":"ping"}"#) {} else { Issue.record("no ping") }
    if case .pong = try read(#"{"type":"pong"}"#) {} else { Issue.record("no pong") }
    #expect(throws: EmotionRefusal.unknownType) { _ = try read(#"{"type":"pings"}"#) }
    #expect(throws: EmotionRefusal.malformed) { _ = try read(#"{"type":"ping"} {}"#) }
  }
}
