import Delivery
import Memory
import Testing

@testable import TypedConnections

@Suite struct TypedRepliesTests {
  private let now = Moment(monotonic: 0, wall: 1_752_143_400_000)

  private func written(_ write: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 512)
    write(&writer)
    return String(decoding: (0..<writer.count).map { writer.bytes[$0] }, as: UTF8.self)
  }

  @Test func theIdTellsTypeUserAndMoment() {
    let user = ShortText(prefixOf: ("a\"b" as StaticString).bytes)
    let text = written { $0.connectionEstablished("chat", user, stamp: 42, at: now) }
    #expect(
      text == #"{"type":"connection_established","connection_id":"chat_a\"b_42","#
        + #""connection_type":"chat","user_id":"a\"b","timestamp":"2025-07-10T10:30:00.000Z"}"#)
  }

  @Test func errorsSayWhatAndWhen() {
    let text = written { $0.typedError("No.", at: now) }
    #expect(text == #"{"type":"error","message":"No.","timestamp":"2025-07-10T10:30:00.000Z"}"#)
    let pong = written { $0.typedPong(at: now) }
    #expect(pong == #"{"type":"pong","timestamp":"2025-07-10T10:30:00.000Z"}"#)
  }
}
