import Delivery
import HTTP
import JSON
import Memory
import Tokens
import WebSocket

/// From requests to answers, or to WebSocket connections.
extension Gateway where Link: ~Copyable {
  /// Handles one request; false when it is not whole, or the connection has to wait.
  @inline(never)
  mutating func readHead(
    _ place: Int, _ bytes: inout MutableRawSpan, _ position: inout Int
  ) -> Bool {
    guard makeRoom(place) else { return false }
    let rest = bytes.bytes.extracting(position..<bytes.byteCount)
    do throws(RequestError) {
      guard case .done(let head, let size) = try RequestHead.parse(rest, within: limits.request)
      else { return false }
      guard let bodySize = try answer(place, head, rest, headSize: size) else { return false }
      position += size + bodySize
    } catch {
      metrics.count(.badRequest)
      refuse(place, error.status, error.message)
    }
    return true
  }

  /// Returns how many bytes of the body were read, nil when more of it has to come first, or when
  /// the request has to wait.
  private mutating func answer(
    _ place: Int, _ head: RequestHead, _ bytes: RawSpan, headSize: Int
  ) throws(RequestError) -> Int? {
    path.removeAll()
    isSecure = link.isSecure(place)
    try Target.decode(path: bytes[head.path], into: &path)
    writeCrossOrigin(head, bytes)
    do throws(Refusal) {
      let route = Router.route(path)
      if route.takesBody(by: head.method) {
        return try take(route, place, head, bytes, headSize: headSize)
      }
      try grant(route, place, head, bytes)
    } catch {
      if error.isPostponed {
        waitForTurn(place)
        return nil
      }
      respond(place, head, error)
    }
    return 0
  }

  private mutating func grant(
    _ route: Route, _ place: Int, _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) {
    if route.isUpgrade {
      guard head.method == .get else { throw .method("Use GET.", allow: [.get]) }
      return try upgrade(place, head, bytes, route)
    }
    guard route != .notFound else { throw .notFound }
    guard route != .badName else { throw .badName }
    let methods = route.methods
    if head.method == .options { return try respondPreflight(place, head, methods) }
    guard methods.contains(head.method) else {
      throw .method("Use a method that Allow names.", allow: methods)
    }
    try refuseForeignChange(head, bytes)
    switch route {
    case .health: respondHealth(place, head)
    case .metrics:
      if !limits.hasPublicMetrics { try requireAdmin(head, bytes) }
      tell(.metrics, place, head)
    case .stats, .connections, .connection, .sessions, .session:
      try requireAdmin(head, bytes)
      try manage(route, place, head, bytes)
    case .testSession:
      try require([.admin, .proctor], or: .noProctor, head, bytes)
      try manage(route, place, head, bytes)
    case .upgrade, .webSocket, .broadcast, .publish, .publishToAll, .badName, .notFound: break
    }
  }

  mutating func requireAdmin(_ head: RequestHead, _ bytes: RawSpan) throws(Refusal) {
    try require([.admin], or: .noAdmin, head, bytes)
  }

  /// - Parameter roles: any of which will do.
  mutating func require(
    _ roles: Roles, or refusal: Refusal, _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) {
    guard let claims = try claims(of: head, bytes) else {
      metrics.count(.tokenRefused)
      throw .noToken
    }
    guard !claims.roles.isDisjoint(with: roles) else {
      metrics.count(.tokenRefused)
      throw refusal
    }
  }

  // MARK: Other origins

  /// Puts down the lines that let a page of the request's origin read the answer: none when it is
  /// not allowed (PROTOCOL.md, section 9; Fetch, section 3.2).
  private mutating func writeCrossOrigin(_ head: RequestHead, _ bytes: RawSpan) {
    crossOrigin.removeAll()
    guard let origin = head.origin, origins.allows(bytes[origin]),
      bytes[origin].byteCount <= Limits.crossOriginMaximum / 2
    else { return }
    if origins.isListedByName(bytes[origin]) {
      crossOrigin.field("Access-Control-Allow-Origin", bytes[origin])
      crossOrigin.field("Access-Control-Allow-Credentials", "true")
      crossOrigin.field("Vary", "Origin")
    } else {
      crossOrigin.field("Access-Control-Allow-Origin", "*")
    }
  }

  /// A page of a foreign origin may not change anything, even where it cannot read the answer.
  mutating func refuseForeignChange(_ head: RequestHead, _ bytes: RawSpan) throws(Refusal) {
    guard head.method != .get, head.method != .head, let origin = head.origin,
      !origins.allows(bytes[origin])
    else { return }
    metrics.count(.originRefused)
    throw .foreignOrigin
  }

  /// Tells a browser what a page of another origin may send (Fetch, section 4.8).
  private mutating func respondPreflight(
    _ place: Int, _ head: RequestHead, _ methods: MethodSet
  ) throws(Refusal) {
    if head.origin != nil, crossOrigin.count == 0 {
      metrics.count(.originRefused)
      throw .foreignOrigin
    }
    var response = Response(.noContent, to: head, date: date)
    response.allow = methods
    Gateway.write(response, content, crossOrigin, to: &mailroom.draft) { draft in
      guard head.origin != nil else { return }
      draft.field("Access-Control-Allow-Methods", methods)
      draft.field("Access-Control-Allow-Headers", "Authorization, Content-Type")
      draft.field("Access-Control-Max-Age", 600)
    }
    finish(place, response.status, keeps: response.keepsConnection)
  }

  // MARK: Answers

  private mutating func respondHealth(_ place: Int, _ head: RequestHead) {
    content.health(uptime: (now.monotonic - started) / 1000, connections: openCount)
    respondContent(place, head)
  }

  /// Answers with what was put together in `content`, and empties it.
  ///
  /// - Parameter hasReadBody: whether the request's body was read to its end.
  mutating func respondContent(
    _ place: Int, _ head: RequestHead, _ status: Status = .ok, hasReadBody: Bool = false
  ) {
    var response = Response(status, to: head, date: date)
    if hasReadBody { response.keepsConnection = head.keepsConnection }
    if draining.isActive { response.keepsConnection = false }
    Gateway.write(response, content, crossOrigin, to: &mailroom.draft) { _ in }
    content.removeAll()
    finish(place, response.status, keeps: response.keepsConnection)
  }

  private static func write(
    _ response: Response, _ content: borrowing ByteWriter, _ crossOrigin: borrowing ByteWriter,
    to draft: inout ByteWriter, fields: (inout ByteWriter) -> Void
  ) {
    response.write("application/json", content.bytes, to: &draft) { draft in
      draft.append(crossOrigin.bytes)
      fields(&draft)
    }
  }

  /// Answers with an error body (PROTOCOL.md, section 2).
  private mutating func respond(_ place: Int, _ head: RequestHead, _ refusal: Refusal) {
    var response = Response(refusal.status, to: head, date: date)
    response.allow = refusal.allow
    if draining.isActive || refusal.endsConnection { response.keepsConnection = false }
    if refusal.status == .serviceUnavailable {
      response.retryAfter = Limits.retryAfter
      response.keepsConnection = false
    }
    Gateway.writeError(response, refusal.message, crossOrigin, to: &mailroom.draft)
    finish(place, response.status, keeps: response.keepsConnection)
  }

  private static func writeError(
    _ response: Response, _ message: StaticString, _ crossOrigin: borrowing ByteWriter,
    to draft: inout ByteWriter
  ) {
    response.writeError(message, to: &draft) { $0.append(crossOrigin.bytes) }
  }

  /// Refuses what is no request, or none in time: its end is not known, so the connection ends.
  mutating func refuse(_ place: Int, _ status: Status, _ message: StaticString) {
    var response = Response(closing: status, date: date)
    if status == .serviceUnavailable || status == .tooManyRequests {
      response.retryAfter = Limits.retryAfter
    }
    response.writeError(message, to: &mailroom.draft)
    finish(place, status, keeps: false)
  }

  /// The response in the draft is whole.
  mutating func finish(_ place: Int, _ status: Status, keeps: Bool) {
    metrics.countResponse(status)
    connections[place].since = now.monotonic
    connections[place].isAdmitted = false
    connections[place].isContinued = false
    guard mailroom.sendRawDraft(to: place) else { return drop(place, because: "no room") }
    if !keeps { linger(place) }
  }

  /// Seconds since 1970, for the Date field.
  var date: Int64 { Int64(clamping: now.wall / 1000) }
}
