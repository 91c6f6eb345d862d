#if Admin
import Delivery
import HTTP
import JSON
import Management
import Memory

/// Answers that may be longer than any buffer: told piece by piece, as the outbox has room.
extension Gateway where Link: ~Copyable {
  /// Begins an answer that is told piece by piece; the next request waits for its end.
  mutating func tell(_ kind: Report.Kind, _ place: Int, _ head: RequestHead) {
    var response = Response(.ok, to: head, date: date)
    let isChunked = head.minorVersion > 0
    if !isChunked || draining.isActive { response.keepsConnection = false }
    Gateway.writeHead(response, kind, isChunked: isChunked, crossOrigin, to: &mailroom.draft)
    guard head.method != .head else {
      return finish(place, .ok, keeps: response.keepsConnection)
    }
    connections[place].report = Report(
      kind: kind, isChunked: isChunked, keepsConnection: response.keepsConnection)
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
      let isOver = write(&report)
      precondition(!content.overflowed, "a piece that is longer than was planned")
      connections[place].report = report
      Gateway.writePiece(content, isChunked: report.isChunked, to: &mailroom.draft)
      if isOver, report.isChunked { Response.writeChunk(RawSpan(), to: &mailroom.draft) }
      content.removeAll()
      guard mailroom.sendRawDraft(to: place) else { return drop(place, because: "no room") }
      if isOver { endReport(place) }
    }
  }

  private func mayTell(_ place: Int) -> Bool {
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

  /// Writes the next piece to `content`; true when it was the last.
  private mutating func write(_ report: inout Report) -> Bool {
    if !report.isFirst, report.kind != .metrics { content.append(",") }
    switch report.kind {
    case .none: return true
    case .stats: return writeStats(&report)
    case .connections: return writeConnections(&report)
    case .sessions: return writeSessions(&report)
    case .metrics: return writeMetrics(&report)
    }
  }

  /// Whether the piece is as long as it should be.
  private var isPieceFull: Bool { content.count > Limits.responseMaximum / 2 }

  // MARK: Statistics

  private mutating func writeStats(_ report: inout Report) -> Bool {
    if report.section == 0 {
      beginStats()
      report.section = 1
    }
    if report.section == 1 {
      guard writeUsers(&report) else { return false }
      endItems()
      content.name("connections_by_room")
      content.beginObject()
      (report.section, report.cursor, report.isFirst) = (2, 0, true)
    }
    if report.section == 2 {
      guard writeRooms(&report) else { return false }
      endItems()
      (report.section, report.isFirst) = (3, false)
    }
    guard !isPieceFull else { return false }
    endStats()
    return true
  }

  /// Ends an object whose items may have ended with the piece before.
  private mutating func endItems() {
    if content.last == UInt8(ascii: ",") { content.truncate(to: content.count - 1) }
    content.endObject()
  }

  private mutating func beginStats() {
    content.beginObject()
    content.member("total_connections", openCount)
    content.member("total_users", mailroom.users.count)
    content.name("connections_by_type")
    content.beginObject()
    for kind in FamilyKind.allCases where Families.isBuiltIn(kind) {
      content.member(kind.name, metrics.open[Int(kind.rawValue)])
    }
    content.endObject()
    content.name("connections_by_user")
    content.beginObject()
  }

  /// True behind the last user.
  private mutating func writeUsers(_ report: inout Report) -> Bool {
    var user = Int(report.cursor)
    while user < mailroom.users.endIndex, !isPieceFull {
      if mailroom.users.contains(user) {
        let id = mailroom.users.id(of: user)
        content.string(id.bytes)
        content.append(":")
        content.append(decimal: UInt64(mailroom.users.connectionCount(of: user)))
        report.isFirst = false
      }
      user += 1
    }
    report.cursor = UInt32(user)
    return user >= mailroom.users.endIndex
  }

  /// True behind the last room.
  private mutating func writeRooms(_ report: inout Report) -> Bool {
    var room = Int(report.cursor)
    while room < families.rooms.roomEndIndex, !isPieceFull {
      if families.rooms.containsRoom(at: room) {
        let name = families.rooms.name(ofRoom: room)
        content.string(name.bytes)
        content.append(":")
        content.append(decimal: UInt64(families.rooms.connectionCount(ofRoom: room)))
        report.isFirst = false
      }
      room += 1
    }
    report.cursor = UInt32(room)
    return room >= families.rooms.roomEndIndex
  }

  private mutating func endStats() {
    content.member("uptime_seconds", (now.monotonic - started) / 1000)
    content.member("messages_in", metrics.messagesIn)
    content.member("messages_out", mailroom.messageCount)
    content.name("memory")
    content.beginObject()
    for pool in PoolKind.allCases {
      let use = use(of: pool)
      content.name(pool.name)
      content.beginObject()
      content.member("size", use.size)
      content.member("in_use", use.inUse)
      content.member("peak", use.peak)
      content.endObject()
    }
    content.endObject()
    content.endObject()
  }

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
    if name.kind == .rooms {
      content.name("rooms")
      content.beginArray()
      var next = families.rooms.firstMembership(of: place)
      while let membership = next {
        let room = families.rooms.name(ofRoom: families.rooms.room(of: membership))
        content.string(room.bytes)
        next = families.rooms.membership(behind: membership)
      }
      content.endArray()
    }
    content.member("connected_at", timestamp: Int64(clamping: name.stamp), .milliseconds)
    content.endObject()
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

  // MARK: Names

  /// What names a connection: `{type}_{user_id}_{timestamp}`.
  func name(of place: Int) -> ConnectionName {
    let user = mailroom.users.user(of: place).map { mailroom.users.id(of: $0) }
    return ConnectionName(
      kind: connections[place].family, user: user ?? ConnectionName.nobody,
      stamp: connections[place].stamp)
  }

  static func write(_ name: ConnectionName, to content: inout ByteWriter) {
    content.append(name.kind.name)
    content.append("_")
    content.append(name.user.bytes)
    content.append("_")
    content.append(decimal: name.stamp)
  }

  private static func write(quoted name: ConnectionName, to content: inout ByteWriter) {
    content.string(name.kind.name)
    content.truncate(to: content.count - 1)
    content.append("_")
    content.escaped(name.user.bytes)
    content.append("_")
    content.append(decimal: name.stamp)
    content.append("\"")
  }
}

struct ConnectionName {
  let kind: FamilyKind
  let user: ShortText
  let stamp: UInt64

  /// Stands where nobody gave a name.
  static let nobody = ShortText(prefixOf: ("anon" as StaticString).bytes)
}
#endif
