#if Admin && TypedConnections
import Delivery
import HTTP
import JSON
import Memory
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
    families.testSessions.writeStatus(of: session, at: now, to: &content)
  }

  /// Shows a session with all answers, or deletes it and closes its connections.
  mutating func testSession(
    _ place: Int, _ head: RequestHead, _ id: Range<Int>
  ) throws(Refusal) {
    guard let session = families.testSessions.find(path.bytes.extracting(id)) else {
      throw Refusal(.notFound, "No test session has this id now.")
    }
    guard head.method == .delete else {
      return tell(
        .testSession, place, head, about: families.testSessions.cursor(of: session))
    }
    relieve()
    do throws(TestSessionError) {
      try families.testSessions.remove(session, at: now, &mailroom)
    } catch {
      throw Refusal(error)
    }
    var next = families.testSessions.firstConnection(of: session)
    while let connection = next {
      next = families.testSessions.connection(behind: connection)
      metrics.count(.disconnected)
      close(connection, .disconnected)
    }
    content.removeAll()
    content.beginObject()
    Gateway.write("deleted", path, id, to: &content)
    content.endObject()
    mailroom.hold(place)
    respondContent(place, head)
  }

  /// Writes the next piece of a session to `content`.
  mutating func writeTestSession(_ report: inout Report) -> PieceEnd {
    if report.section == 0 {
      guard let cursor = report.testSession,
        families.testSessions.writeHead(cursor, at: now, to: &content)
      else { return .broken }
      report.section = 1
    }
    while !isPieceFull {
      guard var cursor = report.testSession else { return .broken }
      let piece = families.testSessions.writePiece(&cursor, to: &content)
      report.testSession = cursor
      switch piece {
      case .more: continue
      case .last: return .last
      case .gone: return .broken
      }
    }
    return .more
  }
}

extension Refusal {
  fileprivate init(_ error: TestSessionError) {
    switch error.kind {
    case .unprocessable: self.init(.unprocessableContent, error.message)
    case .conflict: self.init(.conflict, error.message)
    case .full: self.init(.serviceUnavailable, error.message)
    }
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

  mutating func writeTestSession(_ report: inout Report) -> PieceEnd { .broken }
}
#endif
