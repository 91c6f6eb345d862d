import Delivery
import HTTP
import Memory
import Tokens
import WebSocket

/// From a request to a WebSocket connection.
extension Gateway where Link: ~Copyable {
  /// The opening handshake (RFC 6455, section 4.2): what is refused is refused in words.
  mutating func upgrade(
    _ place: Int, _ head: RequestHead, _ bytes: RawSpan, _ route: Route
  ) throws(Refusal) {
    let (family, access, subject) = try destination(of: route, head, bytes)
    let key = try Gateway.key(of: head, bytes)
    if let origin = head.origin, !origins.allows(bytes[origin]) {
      metrics.count(.originRefused)
      throw .foreignOrigin
    }
    guard hasRoom(for: family) else {
      metrics.count(.full)
      refusals.add(.places)
      throw Refusal(.serviceUnavailable, whyNot)
    }
    let claims = try identify(head, bytes, access, family, subject)
    let isProctor = claims.map { !$0.roles.isDisjoint(with: [.admin, .proctor]) } ?? false
    guard mayEnter(family, subject, claims, isProctor: isProctor) else {
      metrics.count(.full)
      throw Refusal(.serviceUnavailable, "Come again a bit later: no room in this session now.")
    }
    let name = try displayName(head, bytes, claims, family)
    let since = try lastSeen(by: family, head, bytes)
    lastStamp = max(now.wall, lastStamp + 1)
    let opening = Opening(
      seed: link.sixteenRandomBytes(), subject: subject, since: since, stamp: lastStamp,
      isProctor: isProctor)
    let accept = OpeningHandshake.accept(key: bytes[key]) { link.sha1($0) }
    let agreed = agreeOnDeflate(place, head, bytes)
    let isBearer = Doorkeeper.offersBearer(head, bytes)
    Response.writeSwitchingProtocols(accept: accept.span.raw, to: &mailroom.draft) { draft in
      if isBearer { draft.field("Sec-WebSocket-Protocol", "bearer") }
      #if Deflate
      agreed?.write(to: &draft)
      #endif
    }
    guard mailroom.sendRawDraft(to: place) else { return drop(place, because: "no room") }
    metrics.countResponse(.switchingProtocols)
    enter(place, family, claims, name)
    open(place, family, opening)
  }

  /// Which family a request asks for, who may come, and the room or user that it names.
  private mutating func destination(
    of route: Route, _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) -> (FamilyKind, Access, ShortText) {
    if case .upgrade(let family, let access, let subject) = route {
      return (family, access, self.subject(subject))
    }
    guard try parameter("connection_type", head, bytes) else {
      guard Families.isBuiltIn(.rooms) else { throw .notFound }
      return (.rooms, .guest, ShortText())
    }
    defer { content.removeAll() }
    guard let family = FamilyKind(typed: content.bytes) else { throw .unknownType }
    guard Families.isBuiltIn(family) else { throw .notFound }
    guard family == .chat || family == .testSession else { return (family, .user, ShortText()) }
    guard try parameter("room", head, bytes), Identifier.isRoomName(content.bytes),
      let room = ShortText(content.bytes)
    else { throw .noRoom }
    return (family, .user, room)
  }

  /// The value of Sec-WebSocket-Key, when all that a handshake needs is there.
  private static func key(
    of head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) -> ByteRange {
    guard head.asksForWebSocket, let version = head.webSocketVersion,
      OpeningHandshake.isSupported(version: bytes[version])
    else {
      throw Refusal(.upgradeRequired, "Connect with a WebSocket client, version 13.")
    }
    guard let key = head.webSocketKey, OpeningHandshake.isValid(key: bytes[key]) else {
      throw Refusal(.badRequest, "Send Sec-WebSocket-Key, 16 random bytes in base64.")
    }
    guard head.body == .none else {
      throw Refusal(.badRequest, "Send no body with an opening handshake.")
    }
    return key
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

  /// Whether a test session takes one more.
  private func mayEnter(
    _ family: FamilyKind, _ subject: ShortText, _ claims: Claims?, isProctor: Bool
  ) -> Bool {
    guard family == .testSession, let claims else { return true }
    return families.testSessions.hasRoom(
      for: subject.bytes, user: claims.subject, isProctor: isProctor)
  }

  // MARK: Who comes

  /// What the token says, nil for whoever may come without one.
  private mutating func identify(
    _ head: RequestHead, _ bytes: RawSpan, _ access: Access, _ family: FamilyKind,
    _ subject: ShortText
  ) throws(Refusal) -> Claims? {
    let isRequired =
      access == .user || access == .owner || limits.requiresToken && family != .echo
    guard isRequired || access == .guest else { return nil }
    let claims = try claims(of: head, bytes)
    guard claims != nil || !isRequired else { throw refused(.noToken) }
    if let claims, Users.isGuest(claims.subject) { throw refused(.guestsName) }
    if access == .owner, let claims, claims.subject != subject, !claims.roles.contains(.admin) {
      throw refused(.notOwner)
    }
    return claims
  }

  /// What the request's token says, nil when there is none.
  mutating func claims(of head: RequestHead, _ bytes: RawSpan) throws(Refusal) -> Claims? {
    do throws(RequestError) {
      let isFound = try doorkeeper.find(in: head, bytes, takesCookies: takesCookies(head, bytes))
      guard isFound else { return nil }
    } catch {
      throw Refusal(error.status, error.message)
    }
    guard doorkeeper.mayCheck() else { throw .postponed }
    do throws(TokenError) {
      return try Gateway.check(&doorkeeper, link, at: now.wall)
    } catch {
      throw refused(Refusal(error))
    }
  }

  private mutating func refused(_ refusal: Refusal) -> Refusal {
    metrics.count(.tokenRefused)
    return refusal
  }

  private static func check(
    _ doorkeeper: inout Doorkeeper, _ link: borrowing Link, at wall: UInt64
  ) throws(TokenError) -> Claims {
    try doorkeeper.check(at: wall) {
      link.isClockSynchronized
    } verify: { key, algorithm, signed, signature in
      link.verifies(signature, of: signed, by: algorithm, key: key)
    }
  }

  /// Browsers name the origin of every handshake and of every request that changes something: one
  /// without is no foreign page's.
  private func takesCookies(_ head: RequestHead, _ bytes: RawSpan) -> Bool {
    guard let origin = head.origin else { return true }
    if origins.isListedByName(bytes[origin]) { return true }
    guard let host = head.host else { return false }
    return Origin.isSameHost(bytes[origin], as: bytes[host], overTLS: isSecure)
  }

  /// What whoever comes without a token to the rooms wants to be called.
  private mutating func displayName(
    _ head: RequestHead, _ bytes: RawSpan, _ claims: Claims?, _ family: FamilyKind
  ) throws(Refusal) -> ShortText? {
    guard claims == nil, family == .rooms, try parameter("username", head, bytes) else {
      return nil
    }
    defer { content.removeAll() }
    guard content.count <= 32, Identifier.isText(content.bytes),
      let name = ShortText(content.bytes)
    else {
      throw Refusal(
        .badRequest, "Choose a username of 1 to 32 bytes of UTF-8 without control characters.")
    }
    return name
  }

  /// The last id that the client has seen.
  private mutating func lastSeen(
    by family: FamilyKind, _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) -> UInt64? {
    let isGiven =
      switch family {
      case .rooms: try parameter("since", head, bytes)
      case .events: try parameter("last_event_id", head, bytes)
      default: false
      }
    guard isGiven else { return nil }
    defer { content.removeAll() }
    guard let id = content.bytes.decimal else {
      throw Refusal(
        .badRequest, "Send since, or last_event_id, as the id of a message, a whole number.")
    }
    return id
  }

  /// Puts the decoded value of a parameter of the query into `content`; false, with nothing there,
  /// when the query has none.
  mutating func parameter(
    _ name: StaticString, _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) -> Bool {
    content.removeAll()
    guard let query = head.query else { return false }
    do throws(RequestError) {
      return try Target.appendParameter(name, of: bytes[query], to: &content)
    } catch {
      content.removeAll()
      throw Refusal(.badRequest, error.message)
    }
  }

  private func subject(_ range: Range<Int>?) -> ShortText {
    guard let range else { return ShortText() }
    return ShortText(path.bytes.extracting(range)) ?? ShortText()
  }

  // MARK: Coming in

  /// Tells the mailroom who is behind the connection. Who needs no token and has none is nobody's
  /// but in the rooms, where others see it.
  private mutating func enter(
    _ place: Int, _ family: FamilyKind, _ claims: Claims?, _ name: ShortText?
  ) {
    if let claims {
      mailroom.users.enter(place, id: claims.subject, name: claims.name)
      connections[place].expires = claims.expires.map { expiry($0) } ?? 0
      connections[place].key = doorkeeper.keys.fingerprint(of: claims.key)
    } else if family == .rooms {
      mailroom.users.enterAnonymously(place, name: name)
    }
  }

  /// When a token runs out by the monotonic clock, so that setting the date moves nothing. One that
  /// came in by the leeway lasts as long as that.
  private func expiry(_ expires: Int64) -> UInt64 {
    let wall = Int64(clamping: now.wall / 1000)
    let end = expires > wall ? expires : expires.addingSaturating(doorkeeper.rules.leeway)
    let left = max(
      0, end.multipliedSaturating(by: 1000).subtractingSaturating(Int64(clamping: now.wall)))
    // An unset clock tells nothing about the time that is left.
    guard doorkeeper.knewTheTime else { return 0 }
    return now.monotonic.addingSaturating(UInt64(left))
  }

  private mutating func open(_ place: Int, _ family: FamilyKind, _ opening: Opening) {
    connections[place].phase = .open
    connections[place].since = now.monotonic
    connections[place].family = family
    if bounds.isRated { rates[place] = Rates(limits, at: now.monotonic) }
    connections[place].nextPing = now.monotonic + limits.pingPeriod
    connections[place].stamp = opening.stamp
    openCount += 1
    metrics.open[Int(family.rawValue)] += 1
    metrics.opened[Int(family.rawValue)] &+= 1
    relieve()
    families.opened(family, place, opening, at: now, &mailroom)
    scheduleOpen(place)
    if log.begin(.debug, "connection opened", at: now.wall) {
      log.field("connection", place)
      endLogLine()
    }
  }
}
