#if Admin
import Delivery
import HTTP
import JSON
import Management
import Memory

/// Answers that may be longer than any buffer: told piece by piece, as the outbox has room.
extension Gateway where Link: ~Copyable {
  /// Begins an answer that is told piece by piece; the next request waits for its end.
  mutating func tell(
    _ kind: Report.Kind, _ place: Int, _ head: RequestHead, about session: SessionCursor? = nil
  ) {
    var response = Response(.ok, to: head, date: date)
    let isChunked = head.minorVersion > 0
    if !isChunked || draining.isActive { response.keepsConnection = false }
    Gateway.writeHead(response, kind, isChunked: isChunked, crossOrigin, to: &mailroom.draft)
    guard head.method != .head else {
      return finish(place, .ok, keeps: response.keepsConnection)
    }
    connections[place].report = Report(
      testSession: session, kind: kind, isChunked: isChunked,
      keepsConnection: response.keepsConnection)
    finish(place, .ok, keeps: true)
    if connections[place].phase == .head { tellReport(place) }
  }

  private static func writeHead(
    _ response: Response, _ kind: Report.Kind, isChunked: Bool,
    _ crossOrigin: borrowing ByteWriter, to draft: inout ByteWriter
  ) {
    let type: StaticString =
      kind == .metrics ? "text/plain; version=0.0.4; charset=utf-8" : "application/json"
    response.writeHead(type, isChunked: isChunked, to: &draft) { $0.append(crossOrigin.bytes) }
  }

  /// Tells as much as there is room for now; the rest follows when the outbox is empty.
  mutating func tellReport(_ place: Int) {
    while connections[place].report.kind != .none {
      guard mayTell(place) else { return mailroom.waiting.insert(place) }
      connections[place].since = now.monotonic
      content.removeAll()
      var report = connections[place].report
      let end = write(&report)
      guard end != .broken else { return drop(place, because: "what it was told of is gone") }
      let isOver = end == .last
      precondition(!content.overflowed, "a piece that is longer than was planned")
      connections[place].report = report
      Gateway.writePiece(content, isChunked: report.isChunked, to: &mailroom.draft)
      if isOver, report.isChunked { Response.writeChunk(RawSpan(), to: &mailroom.draft) }
      content.removeAll()
      guard mailroom.sendRawDraft(to: place) else { return drop(place, because: "no room") }
      if isOver { endReport(place) }
    }
  }

  private mutating func mayTell(_ place: Int) -> Bool {
    if mailroom.outboxes.isEmpty(place) { return true }
    return mailroom.outboxes.count(of: place) < mailroom.places / 2
      && 2 * mailroom.outboxes.pool.available > mailroom.outboxes.pool.capacity
      && mailroom.hasRoom(for: limits.contentSize + 32, to: place)
  }

  private static func writePiece(
    _ content: borrowing ByteWriter, isChunked: Bool, to draft: inout ByteWriter
  ) {
    if isChunked {
      Response.writeChunk(content.bytes, to: &draft)
    } else {
      draft.append(content.bytes)
    }
  }

  private mutating func endReport(_ place: Int) {
    let keepsConnection = connections[place].report.keepsConnection
    connections[place].report = Report()
    mailroom.waiting.remove(place)
    if !keepsConnection { return linger(place) }
    if connections[place].isStalled { resumable.insert(place) }
  }

  /// Writes the next piece to `content`.
  private mutating func write(_ report: inout Report) -> PieceEnd {
    if !report.isFirst, report.kind != .metrics { content.append(",") }
    let isLast: Bool
    switch report.kind {
    case .none: isLast = true
    case .stats: isLast = writeStats(&report)
    case .connections: isLast = writeConnections(&report)
    case .sessions: isLast = writeSessions(&report)
    case .metrics: isLast = writeMetrics(&report)
    case .testSession: return writeTestSession(&report)
    }
    return isLast ? .last : .more
  }

  /// Whether the piece is as long as it should be.
  var isPieceFull: Bool { content.count > Limits.responseMaximum / 2 }

  // MARK: Lists

  private mutating func writeConnections(_ report: inout Report) -> Bool {
    if report.section == 0 { beginList("connections", &report) }
    var place = Int(report.cursor)
    while place < limits.places, !isPieceFull {
      if isOpen(place) {
        writeConnection(place)
        report.isFirst = false
      }
      place += 1
    }
    report.cursor = UInt32(place)
    return endList(isOver: place >= limits.places)
  }

  private mutating func writeSessions(_ report: inout Report) -> Bool {
    if report.section == 0 { beginList("sessions", &report) }
    var place = Int(report.cursor)
    while place < limits.places, !isPieceFull {
      if isOpen(place), families.steps.hasSession(place) {
        writeSession(of: place)
        report.isFirst = false
      }
      place += 1
    }
    report.cursor = UInt32(place)
    return endList(isOver: place >= limits.places)
  }

  private mutating func beginList(_ name: StaticString, _ report: inout Report) {
    content.beginObject()
    content.name(name)
    content.beginArray()
    report.section = 1
  }

  private mutating func endList(isOver: Bool) -> Bool {
    // A comma before a next item that never came.
    if isOver {
      if content.last == UInt8(ascii: ",") { content.truncate(to: content.count - 1) }
      content.endArray()
      content.endObject()
    }
    return isOver
  }

  private mutating func writeConnection(_ place: Int) {
    let name = name(of: place)
    content.beginObject()
    content.name("connection_id")
    Gateway.write(quoted: name, to: &content)
    content.member("connection_type", name.kind.name)
    if let user = mailroom.users.user(of: place) {
      let (id, username) = (mailroom.users.id(of: user), mailroom.users.name(of: user))
      content.member("user_id", id.bytes)
      content.member("username", username.bytes)
    }
    writeRooms(of: place, name.kind)
    content.member("connected_at", timestamp: Int64(clamping: name.stamp), .milliseconds)
    content.endObject()
  }

  private mutating func writeRooms(of place: Int, _ kind: FamilyKind) {
    switch kind {
    case .rooms:
      beginRooms()
      var next = families.rooms.firstMembership(of: place)
      while let membership = next {
        let room = families.rooms.name(ofRoom: families.rooms.room(of: membership))
        content.string(room.bytes)
        next = families.rooms.membership(behind: membership)
      }
      content.endArray()
    case .general, .chat:
      beginRooms()
      var next = families.talks.firstMembership(of: place)
      while let membership = next {
        let room = families.talks.name(ofRoom: families.talks.room(of: membership))
        content.string(room.bytes)
        next = families.talks.membership(behind: membership)
      }
      content.endArray()
    case .testSession:
      guard let session = families.testSessions.session(of: place) else { return }
      beginRooms()
      let id = families.testSessions.id(of: session)
      content.string(id.bytes)
      content.endArray()
    case .none, .echo, .steps, .emotion, .events, .notifications: return
    }
  }

  private mutating func beginRooms() {
    content.name("rooms")
    content.beginArray()
  }

  mutating func writeSession(of place: Int) {
    content.beginObject()
    content.name("connection_id")
    Gateway.write(quoted: name(of: place), to: &content)
    if let user = mailroom.users.user(of: place) {
      let id = mailroom.users.id(of: user)
      content.member("user_id", id.bytes)
    }
    Gateway.write(families.steps, place, now, to: &content)
    content.endObject()
  }

  private static func write(
    _ steps: borrowing StepFamily, _ place: Int, _ now: Moment, to content: inout ByteWriter
  ) {
    steps.writeMembers(of: place, at: now, to: &content)
  }
}
#endif
