#if Admin && TypedConnections
import Delivery
import HTTP
import JSON
import Memory
import TypedConnections
import WebSocket

/// What proctors ask of test sessions by HTTP (PROTOCOL.md, section 8).
extension Gateway where Link: ~Copyable {
  /// Answered when the session is on disk.
  mutating func putTestSession(
    _ body: RawSpan, _ id: Range<Int>, _ place: Int, _ head: RequestHead
  ) throws(Refusal) -> Bool {
    guard let name = ShortText(path.bytes.extracting(id)) else { throw .badName }
    relieve()
    let isNew: Bool
    do throws(TestSessionError) {
      isNew = try families.testSessions.create(body, id: name, at: now, &mailroom)
    } catch {
      throw Refusal(error)
    }
    writeTestSessionStatus(name)
    mailroom.hold(place)
    respondContent(place, head, isNew ? .created : .ok, hasReadBody: true)
    return true
  }

  private mutating func writeTestSessionStatus(_ name: ShortText) {
    content.removeAll()
    guard let session = families.testSessions.find(name.bytes) else { return }
    Gateway.write(families.testSessions, session, now, to: &content)
  }

  private static func write(
    _ sessions: borrowing TestSessions, _ session: Int, _ now: Moment,
    to content: inout ByteWriter
  ) {
    sessions.writeStatus(of: session, at: now, to: &content)
  }

  /// Shows a session with all answers, or deletes it and closes its connections.
  mutating func testSession(
    _ place: Int, _ head: RequestHead, _ id: Range<Int>
  ) throws(Refusal) {
    guard let session = families.testSessions.find(path.bytes.extracting(id)) else {
      throw Refusal(.notFound, "No test session has this id now.")
    }
    guard head.method == .delete else { return tell(.testSession, place, head, UInt32(session)) }
    content.removeAll()
    content.beginObject()
    Gateway.write("deleted", path, id, to: &content)
    content.endObject()
  }
}
#else
import HTTP
import Memory

/// Without the traits no path leads here.
extension Gateway where Link: ~Copyable {
  mutating func putTestSession(
    _ body: RawSpan, _ id: Range<Int>, _ place: Int, _ head: RequestHead
  ) throws(Refusal) -> Bool { throw .notFound }

  mutating func testSession(
    _ place: Int, _ head: RequestHead, _ id: Range<Int>
  ) throws(Refusal) { throw .notFound }
}
#endif
