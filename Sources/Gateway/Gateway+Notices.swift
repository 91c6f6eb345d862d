#if Admin && TypedConnections
import Delivery
import HTTP
import Memory

/// Broadcasts that become notifications (PROTOCOL.md, section 9).
extension Gateway where Link: ~Copyable {
  /// Whether a body has a title and the filter may mean notifications connections.
  mutating func mayBeNotice(
    _ body: RawSpan, _ filter: ConnectionFilter
  ) throws(Refusal) -> Bool {
    guard filter.kind == nil || filter.kind == .notifications, filter.room == nil else {
      return false
    }
    do throws(NoticeError) {
      let notice = try Notice.read(body)
      try families.notifications.check(notice, of: body, at: now, &mailroom)
    } catch .noTitle {
      return false
    } catch .malformed {
      return false
    } catch {
      throw Refusal(error)
    }
    return true
  }

  /// Whether the journal has room for one more notification; if not the request waits for it.
  mutating func mayNotify(_ body: RawSpan, _ place: Int) -> Bool {
    if families.notifications.canPublish(bytes: body.byteCount, mailroom) { return true }
    waitForDisk(place)
    return false
  }

  /// Publishes a notification to one user, who may be away, or to some of those who have such
  /// connections.
  ///
  /// - Returns: how many connections the whole broadcast was queued for, nil when it goes on later.
  mutating func notify(
    _ body: RawSpan, _ user: ShortText?, _ place: Int
  ) throws(Refusal) -> Int? {
    guard var fan = fanOut else { return nil }
    guard mayNotify(body, place) else { return nil }
    relieve()
    do throws(NoticeError) {
      let notice = try Notice.read(body)
      if let user {
        let published = try families.notifications.publish(
          notice, of: body, to: user, at: now, &mailroom)
        fan.delivered += published.delivered
      } else {
        let slice = try families.notifications.publish(
          notice, of: body, toUsersFrom: fan.cursor, at: now, &mailroom)
        fan.delivered += slice.delivered
        if let next = slice.next {
          fan.cursor = next
          fanOut = fan
          waitForTurn(place)
          return nil
        }
      }
    } catch {
      endFanOut()
      throw Refusal(error)
    }
    endFanOut()
    return fan.delivered
  }
}

extension Refusal {
  fileprivate init(_ error: NoticeError) {
    switch error {
    case .busy: self.init(.serviceUnavailable, error.message)
    case .size: self.init(.contentTooLarge, error.message)
    default: self.init(.unprocessableContent, error.message)
    }
  }
}
#elseif Admin
import HTTP
import Memory

/// Without notifications a title is a member like any other.
extension Gateway where Link: ~Copyable {
  func mayBeNotice(_ body: RawSpan, _ filter: ConnectionFilter) throws(Refusal) -> Bool { false }

  func mayNotify(_ body: RawSpan, _ place: Int) -> Bool { false }

  mutating func notify(
    _ body: RawSpan, _ user: ShortText?, _ place: Int
  ) throws(Refusal) -> Int? { throw .notFound }
}
#endif
