#if Admin
import Delivery
import HTTP
import JSON
import Management
import Memory
import WebSocket

/// What an admin may ask and do (PROTOCOL.md, section 9); the caller has checked that it is one.
extension Gateway where Link: ~Copyable {
  mutating func manage(
    _ route: Route, _ place: Int, _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) {
    let isDeletion = head.method == .delete
    switch route {
    case .stats: tell(.stats, place, head)
    case .connections:
      guard isDeletion else { return tell(.connections, place, head) }
      try disconnectAll(place, head, bytes)
    case .connection(let id): try disconnect(place, head, named: id)
    case .sessions: tell(.sessions, place, head)
    case .session(let id): try session(place, head, id, isDeletion: isDeletion)
    case .testSession(let id):
      try testSession(place, head, id)
    default: throw .notFound
    }
  }

  // MARK: Telling many

  mutating func checkFilter(_ head: RequestHead, _ bytes: RawSpan) throws(Refusal) {
    _ = try filter(head, bytes)
  }

  /// Sends the body of POST /ws/broadcast to all whom the query means. What has a title becomes a
  /// notification for those who have such connections.
  ///
  /// - Returns: whether the request is done with.
  mutating func broadcast(
    _ body: RawSpan, _ place: Int, _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) -> Bool {
    let filter = try filter(head, bytes)
    let isNotice = try mayBeNotice(body, filter)
    guard mayFanOut(place) else { return false }
    if fanOut == nil {
      if isNotice, !mayNotify(body, place) { return false }
      let delivered = try announce(body, to: filter, butNotifications: isNotice)
      guard isNotice else {
        respondDelivered(delivered, place, head)
        return true
      }
      fanOut = FanOut(place: place, delivered: delivered)
    }
    guard let delivered = try notify(body, filter.user, place) else { return false }
    mailroom.hold(place)
    respondDelivered(delivered, place, head)
    return true
  }

  private mutating func respondDelivered(_ delivered: Int, _ place: Int, _ head: RequestHead) {
    content.removeAll()
    content.beginObject()
    content.member("delivered", delivered)
    content.endObject()
    respondContent(place, head, hasReadBody: true)
  }

  /// Returns how many connections it was queued for.
  private mutating func announce(
    _ body: RawSpan, to filter: ConnectionFilter, butNotifications: Bool
  ) throws(Refusal) -> Int {
    relieve()
    do throws(AnnouncementError) {
      try Announcement.write(body, at: now, to: &mailroom.draft)
    } catch {
      throw Refusal(.unprocessableContent, error.message)
    }
    guard mailroom.shareDraft() else {
      throw Refusal(.serviceUnavailable, "Come again a bit later: no room for the message now.")
    }
    var delivered = 0
    for other in 0..<limits.places where matches(other, filter) {
      if butNotifications, connections[other].family == .notifications { continue }
      if mailroom.sendShared(to: other) { delivered += 1 }
    }
    return delivered
  }

  // MARK: Ending connections

  private mutating func disconnectAll(
    _ place: Int, _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) {
    let filter = try filter(head, bytes)
    guard !filter.isEmpty else {
      throw Refusal(
        .badRequest, "Say which: connection_type, user_id or room, as parameters of the query.")
    }
    var disconnected = 0
    for other in 0..<limits.places where matches(other, filter) {
      disconnect(other)
      disconnected += 1
    }
    content.beginObject()
    content.member("disconnected", disconnected)
    content.endObject()
    respondContent(place, head)
  }

  private mutating func disconnect(
    _ place: Int, _ head: RequestHead, named id: Range<Int>
  ) throws(Refusal) {
    for other in 0..<limits.places where isOpen(other) {
      content.removeAll()
      Gateway.write(name(of: other), to: &content)
      guard content.bytes.equals(path.bytes.extracting(id)) else { continue }
      disconnect(other)
      return respondDisconnected(place, head, id)
    }
    content.removeAll()
    throw Refusal(.notFound, "No connection has this id now.")
  }

  private mutating func session(
    _ place: Int, _ head: RequestHead, _ id: Range<Int>, isDeletion: Bool
  ) throws(Refusal) {
    guard let other = families.steps.connection(ofSession: path.bytes.extracting(id)) else {
      throw Refusal(.notFound, "No session has this id now.")
    }
    if isDeletion {
      disconnect(other)
      return respondDisconnected(place, head, id)
    }
    writeSession(of: other)
    respondContent(place, head)
  }

  private mutating func disconnect(_ place: Int) {
    metrics.count(.disconnected)
    close(place, .disconnected)
  }

  private mutating func respondDisconnected(
    _ place: Int, _ head: RequestHead, _ id: Range<Int>
  ) {
    content.removeAll()
    content.beginObject()
    Gateway.write("disconnected", path, id, to: &content)
    content.endObject()
    respondContent(place, head)
  }

  static func write(
    _ name: StaticString, _ text: borrowing ByteWriter, _ range: Range<Int>,
    to content: inout ByteWriter
  ) {
    content.member(name, text.bytes.extracting(range))
  }

  // MARK: Which

  /// The connections that a query means.
  private mutating func filter(
    _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) -> ConnectionFilter {
    if let query = head.query { try Gateway.checkNames(in: bytes[query]) }
    var filter = ConnectionFilter()
    if try parameter("connection_type", head, bytes) {
      guard let kind = FamilyKind(named: content.bytes) else {
        content.removeAll()
        throw Refusal(.badRequest, "There is no such connection_type in this build.")
      }
      filter.kind = kind
    }
    filter.user = try identifier("user_id", head, bytes)
    filter.room = try identifier("room", head, bytes)
    return filter
  }

  /// A filter that is misspelt, or there twice, would mean more connections than were meant.
  private static func checkNames(in query: RawSpan) throws(Refusal) {
    let known: InlineArray<4, StaticString> = ["connection_type", "user_id", "room", "token"]
    var (seen, start) = (InlineArray<4, Bool>(repeating: false), 0)
    while start < query.byteCount {
      var (end, nameEnd) = (start, -1)
      while end < query.byteCount, query[end] != UInt8(ascii: "&") {
        if nameEnd < 0, query[end] == UInt8(ascii: "=") { nameEnd = end }
        end += 1
      }
      let name = query.extracting(start..<(nameEnd < 0 ? end : nameEnd))
      var isKnown = name.byteCount == 0
      for place in known.indices where name.equals(known[place]) && !seen[place] {
        (seen[place], isKnown) = (true, true)
      }
      guard isKnown else {
        throw Refusal(
          .badRequest, "Filter by connection_type, user_id and room, each once at most.")
      }
      start = end + 1
    }
  }

  private mutating func identifier(
    _ name: StaticString, _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) -> ShortText? {
    guard try parameter(name, head, bytes) else { return nil }
    defer { content.removeAll() }
    guard Identifier.isValid(content.bytes), let text = ShortText(content.bytes) else {
      throw .badName
    }
    return text
  }

  private func matches(_ place: Int, _ filter: ConnectionFilter) -> Bool {
    guard isOpen(place) else { return false }
    let family = connections[place].family
    if let kind = filter.kind, kind != family { return false }
    if let id = filter.user {
      guard let user = mailroom.users.user(of: place), mailroom.users.id(of: user) == id else {
        return false
      }
    }
    guard let room = filter.room else { return true }
    switch family {
    case .rooms: return families.rooms.isMember(place, of: room.bytes)
    case .general, .chat: return families.talks.isMember(place, of: room.bytes)
    case .testSession:
      return families.testSessions.session(of: place).map {
        families.testSessions.id(of: $0) == room
      } ?? false
    case .none, .echo, .steps, .emotion, .events, .notifications: return false
    }
  }

  func isOpen(_ place: Int) -> Bool { connections[place].phase == .open }
}

/// Connections that are meant: those that all the given members match.
struct ConnectionFilter {
  var kind: FamilyKind?
  var user: ShortText?
  var room: ShortText?

  var isEmpty: Bool { kind == nil && user == nil && room == nil }
}

extension FamilyKind {
  init?(named name: RawSpan) {
    for kind in FamilyKind.allCases where Families.isBuiltIn(kind) && name.equals(kind.name) {
      self = kind
      return
    }
    return nil
  }
}
#else
import HTTP
import Memory

/// Without the trait no path leads here.
extension Gateway where Link: ~Copyable {
  mutating func manage(
    _ route: Route, _ place: Int, _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) { throw .notFound }

  mutating func checkFilter(_ head: RequestHead, _ bytes: RawSpan) throws(Refusal) {}

  mutating func broadcast(
    _ body: RawSpan, _ place: Int, _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) -> Bool { throw .notFound }

  mutating func tell(_ kind: Report.Kind, _ place: Int, _ head: RequestHead) {}
  mutating func tellReport(_ place: Int) {}
}
#endif
