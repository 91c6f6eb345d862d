import Foundation
import Testing

@testable import EmotionSync

/// Every reply, member by member, against PROTOCOL.md, section 5.
@Suite struct EmotionRepliesTests {
  private func text(_ object: [String: Any]?) throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: try #require(object), options: [.sortedKeys])
    return String(decoding: data, as: UTF8.self)
  }

  private func answer(_ message: String, allowed: String = "") throws -> String {
    let household = Household(allowed: allowed)
    household.open(0, "123")
    _ = try household.take(0)
    household.send(message, from: 0)
    return try text(household.take(0).first)
  }

  @Test func connectionEstablished() throws {
    let household = Household()
    household.open(0, "123")
    #expect(
      try text(household.take(0).first)
        == #"{"message":"Connected to emotion detection WebSocket server","#
        + #""timestamp":"2023-05-09T14:30:00.123Z","type":"connection_established","#
        + #""user_id":"123"}"#)
  }

  @Test func emotionUpdate() throws {
    let message =
      #"{"type":"emotion_update","emotion":"h\"\n","timestamp":"2001-01-01T00:00:00.000Z"}"#
    #expect(
      try answer(message) == #"{"emotion":"h\"\n","timestamp":"2023-05-09T14:30:00.123Z","#
        + #""type":"emotion_update","user_id":"123"}"#)
  }

  @Test(arguments: ["{", "7", "{}", #"{"type":7}"#])
  func whatIsNoMessage(_ message: String) throws {
    #expect(try answer(message) == #"{"message":"Invalid message format","type":"error"}"#)
  }

  @Test func moreExactErrors() throws {
    #expect(try answer(#"{"type":"x"}"#).contains("Unknown message type"))
    #expect(try answer(#"{"type":"emotion_update"}"#).contains("emotion is missing"))
    let long = String(repeating: "x", count: 65)
    #expect(
      try answer(#"{"type":"emotion_update","emotion":"\#(long)"}"#).contains("1 to 64 bytes"))
    #expect(
      try answer(#"{"type":"emotion_update","emotion":"x"}"#, allowed: "happy, sad")
        == #"{"allowed_emotions":["happy","sad"],"message":"This emotion is not allowed","#
        + #""type":"error"}"#)
    let household = Household()
    household.open(0, "123")
    household.refuse(0)
    let refusal = try #require(try household.take(0).last)
    #expect(try text(refusal).contains("too fast"))
  }

  @Test func theLongestAnswerIsLongEnough() throws {
    let name = String(repeating: "\u{1}", count: 64)
    let allowed = (0..<200).map { String(UnicodeScalar(UInt8(1 + $0 % 31))) }
      .joined(separator: ",")
    let household = Household(allowed: allowed + "," + name, slots: 64)
    household.open(0, name)
    let escaped = String(repeating: #"\u0001"#, count: 64)
    household.feel(escaped, 0)
    household.feel("x", 0)
    let objects = try household.take(0)
    #expect(objects.map { $0["type"] as? String }.suffix(2) == ["emotion_update", "error"])
    #expect((objects.last?["allowed_emotions"] as? [String])?.count == 201)
  }
}
