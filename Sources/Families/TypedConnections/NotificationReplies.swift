import Delivery
import JSON
import Memory

/// What notifications connections are told, as JSON in a draft (PROTOCOL.md, section 8).
extension ByteWriter {
  /// - Parameter body: that the notice was read from.
  mutating func notification(
    _ id: UInt64, _ notice: Notice, of body: RawSpan, at now: Moment
  ) {
    beginTyped("notification")
    member("id", id)
    member("title", raw: body.extracting(notice.title))
    if let message = notice.message {
      member("message", raw: body.extracting(message))
    } else {
      member("message", "")
    }
    member("priority", notice.priority.name)
    endTyped(at: now)
  }

  mutating func notificationRead(_ id: UInt64, at now: Moment) {
    beginTyped("notification_read")
    member("notification_id", id)
    endTyped(at: now)
  }
}
