#if Admin && TypedConnections
import Delivery
import HTTP
import Memory

/// Broadcasts that become notifications (PROTOCOL.md, section 9).
extension Gateway where Link: ~Copyable {
  /// Whether a body has a title and the filter may mean notifications connections.
  func mayBeNotice(_ body: RawSpan, _ filter: ConnectionFilter) throws(Refusal) -> Bool {
    guard filter.kind == nil || filter.kind == .notifications, filter.room == nil else {
      return false
    }
    do throws(NoticeError) { _ = try Notice.read(body) } catch .noTitle {
      return false
    } catch .malformed { return false } catch {
      throw Refusal(.unprocessableContent, error.message)
    }
    return true
  }

  /// Publishes a notification to one user, who may be away, or to some of those who have such
  /// connections.
  ///
  /// - Returns: how many connections the whole broadcast was queued for, nil when it goes on later.
  mutating func notify(
    _ body: RawSpan, _ user: ShortText?, _ place: Int
  ) throws(Refusal) -> Int? {
    guard var fan = fanOut else { return nil }
    guard families.notifications.canPublish(bytes: body.byteCount, mailroom) else {
      waitForDisk(place)
      return nil
    }
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
      throw Refusal(error == .busy ? .serviceUnavailable : .unprocessableContent, error.message)
    }
    endFanOut()
    return fan.delivered
  }
}
#elseif Admin
import HTTP
import Memory

/// Without notifications a title is a member like any other.
extension Gateway where Link: ~Copyable {
  func mayBeNotice(_ body: RawSpan, _ filter: ConnectionFilter) throws(Refusal) -> Bool { false }

  mutating func notify(
    _ body: RawSpan, _ user: ShortText?, _ place: Int
  ) throws(Refusal) -> Int? { throw .notFound }
}
#endif
