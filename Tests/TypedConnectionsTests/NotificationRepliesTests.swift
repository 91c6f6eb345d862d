import Delivery
import Memory
import Testing

@testable import TypedConnections

@Suite struct NotificationRepliesTests {
  private let now = Moment(monotonic: 0, wall: 1_752_143_400_000)
  private let time = #""timestamp":"2025-07-10T10:30:00.000Z"}"#

  private func written(_ write: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 512)
    write(&writer)
    return String(decoding: (0..<writer.count).map { writer.bytes[$0] }, as: UTF8.self)
  }

  @Test(arguments: [
    (
      #"{"title":"a\"b","message":"\u00e9","priority":"high"}"#, #""a\"b","message":"\u00e9""#,
      "high"
    ),
    (#"{"title":""}"#, #""","message":"""#, "normal"),
  ])
  func aNotificationSaysWhatItsBodySaid(
    _ body: String, _ words: String, _ priority: String
  ) throws {
    let bytes = Array(body.utf8)
    let notice = try Notice.read(bytes.span.raw)
    let text = written { $0.notification(7, notice, of: bytes.span.raw, at: now) }
    #expect(
      text == #"{"type":"notification","id":7,"title":"# + words
        + #","priority":"\#(priority)","# + time)
  }

  @Test func whatWasReadIsNamed() {
    let text = written { $0.notificationRead(7, at: now) }
    #expect(text == #"{"type":"notification_read","notification_id":7,"# + time)
  }
}
