#if UserEvents
import Delivery
import HTTP
import JSON
import Memory

/// What backends publish to users (PROTOCOL.md, section 7).
extension Gateway where Link: ~Copyable {
  /// Answered when the event is on disk. Returns whether the request is done with.
  mutating func publish(
    _ body: RawSpan, to id: Range<Int>, _ place: Int, _ head: RequestHead
  ) throws(Refusal) -> Bool {
    guard let user = ShortText(path.bytes.extracting(id)) else { throw .badName }
    guard families.events.canPublish(bytes: body.byteCount, mailroom) else {
      waitForDisk(place)
      return false
    }
    relieve()
    let published: Published
    do throws(EventError) {
      published = try families.events.publish(body, to: user, at: now, &mailroom)
    } catch {
      throw Refusal(error)
    }
    writePublished(published.id, published.delivered, isQueued: published.isQueued)
    respondPublished(place, head)
    return true
  }

  private mutating func writePublished(_ id: UInt64?, _ delivered: Int, isQueued: Bool) {
    content.removeAll()
    content.beginObject()
    if let id {
      content.member("id", id)
    } else {
      content.name("id")
      content.null()
    }
    content.member("delivered", delivered)
    content.member("queued", isQueued)
    content.endObject()
  }

  private mutating func respondPublished(_ place: Int, _ head: RequestHead) {
    mailroom.hold(place)
    respondContent(place, head, .accepted, hasReadBody: true)
  }

  /// A part of the users in each turn: they may be as many as there are connections. One such
  /// request goes on at a time.
  mutating func publishToAll(
    _ body: RawSpan, _ place: Int, _ head: RequestHead
  ) throws(Refusal) -> Bool {
    guard mayFanOut(place) else { return false }
    var fan = fanOut ?? FanOut(place: place)
    fanOut = fan
    guard families.events.canPublish(bytes: body.byteCount, mailroom) else {
      waitForDisk(place)
      return false
    }
    relieve()
    do throws(EventError) {
      let slice = try families.events.publish(
        body, toUsersFrom: fan.cursor, at: now, &mailroom)
      fan.delivered += slice.delivered
      if let id = slice.highestID { fan.highestID = max(fan.highestID ?? 0, id) }
      if let next = slice.next {
        fan.cursor = next
        fanOut = fan
        waitForTurn(place)
        return false
      }
    } catch {
      endFanOut()
      throw Refusal(error)
    }
    endFanOut()
    writePublished(fan.highestID, fan.delivered, isQueued: false)
    respondPublished(place, head)
    return true
  }
}

extension Refusal {
  fileprivate init(_ error: EventError) {
    switch error {
    case .busy: self.init(.serviceUnavailable, error.message)
    case .size: self.init(.contentTooLarge, error.message)
    default: self.init(.unprocessableContent, error.message)
    }
  }
}
#else
import HTTP
import Memory

/// Without the trait no path leads here.
extension Gateway where Link: ~Copyable {
  mutating func publish(
    _ body: RawSpan, to id: Range<Int>, _ place: Int, _ head: RequestHead
  ) throws(Refusal) -> Bool { throw .notFound }

  mutating func publishToAll(
    _ body: RawSpan, _ place: Int, _ head: RequestHead
  ) throws(Refusal) -> Bool { throw .notFound }
}
#endif
