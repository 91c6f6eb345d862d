import Delivery
import HTTP
import JSON
import Memory
import WebSocket

/// From request heads to answers, or to WebSocket connections.
extension Gateway where Link: ~Copyable {
  /// Handles one request; false when its head is not whole, or the connection has to wait.
  mutating func readHead(
    _ place: Int, _ bytes: inout MutableRawSpan, _ position: inout Int
  ) -> Bool {
    guard makeRoom(place) else { return false }
    let rest = bytes.bytes.extracting(position..<bytes.byteCount)
    do throws(RequestError) {
      guard case .done(let head, let size) = try RequestHead.parse(rest, within: limits.request)
      else { return false }
      position += size
      try answer(place, head, rest.extracting(0..<size))
    } catch {
      refuse(place, error.status, error.message)
    }
    return true
  }

  private mutating func answer(
    _ place: Int, _ head: RequestHead, _ bytes: RawSpan
  ) throws(RequestError) {
    connections[place].since = now.monotonic
    path.removeAll()
    try Target.decode(path: bytes[head.path], into: &path)
    switch Router.route(path) {
    case .notFound: respond(place, head, .notFound, "There is nothing at this path.")
    case .health:
      guard head.method == .get || head.method == .head else {
        return respond(place, head, .methodNotAllowed, "Use GET or HEAD.", allow: [.get, .head])
      }
      respondHealth(place, head)
    case .upgrade(let family):
      guard head.method == .get else {
        return respond(place, head, .methodNotAllowed, "Use GET.", allow: [.get])
      }
      upgrade(place, head, bytes, to: family)
    }
  }

  /// The opening handshake (RFC 6455, section 4.2): what is refused is refused in words.
  private mutating func upgrade(
    _ place: Int, _ head: RequestHead, _ bytes: RawSpan, to family: FamilyKind
  ) {
    guard head.asksForWebSocket, let version = head.webSocketVersion,
      OpeningHandshake.isSupported(version: bytes[version])
    else {
      return respond(
        place, head, .upgradeRequired, "Connect with a WebSocket client, version 13.")
    }
    guard let key = head.webSocketKey, OpeningHandshake.isValid(key: bytes[key]) else {
      return respond(
        place, head, .badRequest, "Send Sec-WebSocket-Key, 16 random bytes in base64.")
    }
    guard head.body == .none else {
      return respond(place, head, .badRequest, "Send no body with an opening handshake.")
    }
    if let origin = head.origin, !origins.allows(bytes[origin]) {
      return respond(
        place, head, .forbidden, "Come from an origin that WEBSOCKET_ALLOWED_ORIGINS names.")
    }
    guard hasRoom(for: family) else {
      refusals.count += 1
      return respond(place, head, .serviceUnavailable, whyNot)
    }
    let accept = OpeningHandshake.accept(key: bytes[key]) { link.sha1($0) }
    Response.writeSwitchingProtocols(accept: accept.span.raw, to: &mailroom.draft)
    guard mailroom.sendRawDraft(to: place) else { return drop(place, because: "no room") }
    open(place, family)
  }

  private var whyNot: StaticString {
    if !limits.isEnabled { return "WebSocket connections are switched off here for now." }
    if draining.isActive { return "This server is shutting down: come again in a moment." }
    return "Come again a bit later: no room now."
  }

  private func hasRoom(for family: FamilyKind) -> Bool {
    limits.isEnabled && !draining.isActive && openCount < limits.connections
      && families.hasRoom(family)
  }

  private mutating func open(_ place: Int, _ family: FamilyKind) {
    connections[place].phase = .open
    connections[place].family = family
    connections[place].rate = MessageRate(limits.messageRate, at: now.monotonic)
    connections[place].nextPing = now.monotonic + limits.pingPeriod
    openCount += 1
    let opening = Opening(seed: link.sixteenRandomBytes())
    families.opened(family, place, opening, at: now, &mailroom)
    scheduleOpen(place)
    if log.begin(.debug, "connection opened", at: now.wall) {
      log.field("connection", place)
      endLogLine()
    }
  }

  // MARK: Answers

  private mutating func respondHealth(_ place: Int, _ head: RequestHead) {
    content.health(uptime: (now.monotonic - started) / 1000, connections: openCount)
    var response = Response(.ok, to: head, date: date)
    if draining.isActive { response.keepsConnection = false }
    Gateway.write(response, content, to: &mailroom.draft)
    content.removeAll()
    finish(place, keeps: response.keepsConnection)
  }

  private static func write(
    _ response: Response, _ content: borrowing ByteWriter, to draft: inout ByteWriter
  ) {
    response.write("application/json", content.bytes, to: &draft)
  }

  /// Answers with an error body (PROTOCOL.md, section 2).
  private mutating func respond(
    _ place: Int, _ head: RequestHead, _ status: Status, _ message: StaticString,
    allow: MethodSet = []
  ) {
    var response = Response(status, to: head, date: date)
    response.allow = allow
    if draining.isActive { response.keepsConnection = false }
    if status == .serviceUnavailable {
      response.retryAfter = Limits.retryAfter
      response.keepsConnection = false
    }
    response.writeError(message, to: &mailroom.draft)
    finish(place, keeps: response.keepsConnection)
  }

  /// Refuses what is no request, or none in time: its end is not known, so the connection ends.
  mutating func refuse(_ place: Int, _ status: Status, _ message: StaticString) {
    Response(closing: status, date: date).writeError(message, to: &mailroom.draft)
    finish(place, keeps: false)
  }

  private mutating func finish(_ place: Int, keeps: Bool) {
    guard mailroom.sendRawDraft(to: place) else { return drop(place, because: "no room") }
    if !keeps { linger(place) }
  }

  /// Seconds since 1970, for the Date field.
  private var date: Int { Int(clamping: now.wall / 1000) }
}
