import Delivery
import Memory
import Testing

@testable import UserEvents

@Suite struct EventRepliesTests {
  private let now = Moment(monotonic: 1, wall: 1_760_904_000_999)

  private func written(_ write: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 1000)
    write(&writer)
    return String(decoding: (0..<writer.count).map { writer.bytes[$0] }, as: UTF8.self)
  }

  @Test func theFirstMessage() {
    let text = written { $0.connection(Audience.short("1"), resumed: nil, at: now) }
    #expect(
      text
        == #"{"type":"connection","data":{"status":"connected","user_id":1,"#
        + #""message":"WebSocket connection established"},"timestamp":"2025-10-19T20:00:00Z"}"#)
    let other = written { $0.connection(Audience.short("a\""), resumed: false, at: now) }
    #expect(other.contains(#""user_id":"a\"","#) && other.contains(#","resumed":false}"#))
  }

  @Test func whichIdsAreNumbers() {
    for id in ["0", "1", "42", "9007199254740992"] {
      #expect(Audience.short(id).isDecimal)
    }
    for id in ["", "-1", "+1", "01", "00", "1.0", "1e3", "9007199254740993", "12a", "٣"] {
      #expect(!Audience.short(id).isDecimal)
    }
  }

  @Test func anEvent() {
    let text = written { $0.event(.upload, Array(#"{"a": 1}"#.utf8).span.raw, id: 7, at: now) }
    #expect(
      text
        == #"{"type":"upload_progress","data":{"a": 1},"timestamp":"2025-10-19T20:00:00Z","id":7}"#)
  }

  @Test func theOthers() {
    let time = #""timestamp":"2025-10-19T20:00:00Z"}"#
    #expect(written { $0.pong(at: now) } == #"{"type":"pong","# + time)
    #expect(
      written { $0.subscriptions("subscribed", .all, at: now) }
        == #"{"type":"subscribed","data":{"events":["upload","analysis","notification"]},"# + time)
    #expect(
      written { $0.subscriptions("unsubscribed", EventKinds(), at: now) }
        == #"{"type":"unsubscribed","data":{"events":[]},"# + time)
    #expect(
      written { $0.refusal(.noType, at: now) }
        == #"{"type":"error","data":{"message":"A message needs a type, which is a string"},"#
        + time)
  }
}
