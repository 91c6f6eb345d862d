import HTTP
import Memory

/// Who may come in by a path.
enum Access: Equatable {
  case anyone
  /// Anyone, unless WEBSOCKET_REQUIRE_AUTH; a token, when given, has to be good.
  case guest
  case user
  /// The user whom the path names, or an admin.
  case owner
}

/// Where a path leads; ranges are places in the path.
enum Route: Equatable {
  case upgrade(FamilyKind, Access, subject: Range<Int>?)
  /// Rooms or a typed connection: the query says which.
  case webSocket
  /// To one user, and to every one that is connected.
  case publish(Range<Int>)
  case publishToAll
  case testSession(Range<Int>)
  case health
  case metrics
  case stats
  case broadcast
  case connections
  case connection(Range<Int>)
  case sessions
  case session(Range<Int>)
  /// A room, session or connection that cannot have this name.
  case badName
  case notFound
}

/// Which paths there are (PROTOCOL.md, section 1).
enum Router {
  /// - Parameter path: without its escapes.
  static func route(_ path: borrowing ByteWriter) -> Route { route(path.bytes) }

  private static func route(_ path: RawSpan) -> Route {
    if path.equals("/health") { return .health }
    if path.equals("/echo") { return built(.echo, .anyone) }
    if path.equals("/api/ws") { return built(.emotion, .user) }
    if let route = management(path) { return route }
    if let route = events(path) { return route }
    if path.equals("/ws/realtime") { return built(.steps, .anyone) }
    if path.equals("/ws") {
      let isThere = Families.isBuiltIn(.rooms) || Families.isBuiltIn(.general)
      return isThere ? .webSocket : .notFound
    }
    if path.equals("/ws/auth") { return built(.rooms, .user) }
    if let name = path.rest(behind: "/ws/auth/") { return room(path, name, .user) }
    if let name = path.rest(behind: "/ws/") { return room(path, name, .guest) }
    return .notFound
  }

  /// A path whose trait is left out of the build is not there.
  private static func built(
    _ kind: FamilyKind, _ access: Access, subject: Range<Int>? = nil
  ) -> Route {
    Families.isBuiltIn(kind) ? .upgrade(kind, access, subject: subject) : .notFound
  }

  /// User events; nil for a path of others.
  private static func events(_ path: RawSpan) -> Route? {
    guard Families.isBuiltIn(.events) else { return nil }
    if path.equals("/api/v1/events") { return .publishToAll }
    if let id = path.rest(behind: "/api/v1/ws/") {
      return named(path, id, .upgrade(.events, .owner, subject: id))
    }
    guard let rest = path.rest(behind: "/api/v1/users/"),
      let id = path.extracting(rest).rest(before: "/events")
    else { return nil }
    let range = (rest.lowerBound + id.lowerBound)..<(rest.lowerBound + id.upperBound)
    return named(path, range, .publish(range))
  }

  /// `route`, when the name may be one.
  private static func named(_ path: RawSpan, _ name: Range<Int>, _ route: Route) -> Route {
    Identifier.isValid(path.extracting(name)) ? route : .badName
  }

  private static func room(_ path: RawSpan, _ name: Range<Int>, _ access: Access) -> Route {
    guard Families.isBuiltIn(.rooms) else { return .notFound }
    let text = path.extracting(name)
    // What is below a reserved name is another path, and there is none.
    if access == .guest, let first = text.firstSegment, Identifier.isReserved(first) {
      return .notFound
    }
    guard Identifier.isValid(text), !Identifier.isReserved(text) else { return .badName }
    return built(.rooms, access, subject: name)
  }

  /// Nil for a path of others; those of a trait left out are no names of rooms either.
  private static func management(_ path: RawSpan) -> Route? {
    guard let route = managed(path) else { return nil }
    return BuildTrait.admin.isBuiltIn ? route : .notFound
  }

  private static func managed(_ path: RawSpan) -> Route? {
    if path.equals("/metrics") { return .metrics }
    if path.equals("/ws/stats") { return .stats }
    if path.equals("/ws/broadcast") { return .broadcast }
    if path.equals("/ws/connections") { return .connections }
    if let id = path.rest(behind: "/ws/connections/") { return .connection(id) }
    if Families.isBuiltIn(.testSession), let id = path.rest(behind: "/ws/test-sessions/") {
      return Identifier.isRoomName(path.extracting(id)) ? .testSession(id) : .badName
    }
    guard Families.isBuiltIn(.steps) else { return nil }
    if path.equals("/sessions") { return .sessions }
    if let id = path.rest(behind: "/sessions/") {
      return named(path, id, .session(id))
    }
    return nil
  }
}

extension RawSpan {
  func equals(_ text: StaticString) -> Bool { equals(text.bytes) }

  /// What stands behind `prefix`, nil when this begins otherwise.
  fileprivate func rest(behind prefix: StaticString) -> Range<Int>? {
    let size = prefix.bytes.byteCount
    guard byteCount >= size, extracting(0..<size).equals(prefix.bytes) else { return nil }
    return size..<byteCount
  }

  /// What stands before `suffix`, nil when this ends otherwise.
  fileprivate func rest(before suffix: StaticString) -> Range<Int>? {
    let size = suffix.bytes.byteCount
    guard byteCount >= size, extracting((byteCount - size)..<byteCount).equals(suffix.bytes) else {
      return nil
    }
    return 0..<(byteCount - size)
  }

  /// What stands before the first slash, nil when there is none.
  fileprivate var firstSegment: RawSpan? {
    @_lifetime(copy self) get {
      for offset in 0..<byteCount where self[offset] == UInt8(ascii: "/") {
        return extracting(0..<offset)
      }
      return nil
    }
  }
}
