import Memory
import Testing

@testable import Gateway

@Suite struct RouterTests {
  private func route(_ path: String) -> Route {
    var bytes = ByteWriter(capacity: 100)
    bytes.append(Array(path.utf8).span.raw)
    return Router.route(bytes)
  }

  /// The route when the trait is built in.
  private func built(_ kind: FamilyKind, _ access: Access, _ subject: Range<Int>? = nil) -> Route {
    Families.isBuiltIn(kind) ? .upgrade(kind, access, subject: subject) : .notFound
  }

  @Test func everyPathLeadsToItsFamily() {
    #expect(route("/health") == .health)
    #expect(route("/ws/realtime") == built(.steps, .anyone))
    #expect(route("/echo") == built(.echo, .anyone))
    #expect(route("/api/ws") == built(.emotion, .user))
    let hasWebSocket = Families.isBuiltIn(.rooms) || Families.isBuiltIn(.general)
    #expect(route("/ws") == (hasWebSocket ? .webSocket : .notFound))
    #expect(route("/ws/lobby") == built(.rooms, .guest, 4..<9))
    #expect(route("/ws/auth") == built(.rooms, .user))
    #expect(route("/ws/auth/lobby") == built(.rooms, .user, 9..<14))
  }

  @Test(arguments: [
    "", "/", "/Health", "/health/", "/healt", "/ws/realtime/x", "/ECHO", "health", "/api",
    "/api/ws/", "/api/v1/ws", "/api/v1/users", "/api/v1/users/7", "/api/v1/users/7/event", "/wsx",
    "/api/v1/events/", "/ws/stats/x",
  ])
  func nothingElseIsThere(path: String) { #expect(route(path) == .notFound) }

  #if UserEvents
  @Test func userEventsHaveTheirPaths() {
    #expect(route("/api/v1/ws/7") == .upgrade(.events, .owner, subject: 11..<12))
    #expect(route("/api/v1/users/a b/events") == .publish(14..<17))
    #expect(route("/api/v1/events") == .publishToAll)
  }

  @Test(arguments: [
    "/api/v1/ws/", "/api/v1/ws/a/b", "/api/v1/users//events", "/api/v1/users/a/b/events",
    "/api/v1/ws/" + String(repeating: "x", count: 65),
  ])
  func whatIsNoUsersNameIsRefused(path: String) { #expect(route(path) == .badName) }
  #else
  @Test(arguments: ["/api/v1/ws/7", "/api/v1/events", "/api/v1/users/7/events"])
  func withoutTheTraitTheyAreNotThere(path: String) { #expect(route(path) == .notFound) }
  #endif

  @Test func testSessionsArePathsOfBothTraits() {
    let isThere = BuildTrait.admin.isBuiltIn && Families.isBuiltIn(.testSession)
    #expect(route("/ws/test-sessions/exam") == (isThere ? .testSession(18..<22) : .notFound))
  }

  #if Rooms
  /// Reserved names, and what is no name at all.
  @Test(arguments: [
    "/ws/", "/ws/a/b", "/ws/auth/", "/ws/auth/stats", "/ws/auth/realtime", "/ws/test-sessions",
    "/ws/\u{1}", "/ws/" + String(repeating: "x", count: 65),
  ])
  func whatIsNoNameOfARoomIsRefused(path: String) { #expect(route(path) == .badName) }

  @Test func aRoomsNameIsAnyTextOf64Bytes() {
    let name = String(repeating: "\u{20AC}", count: 21) + "x"
    #expect(route("/ws/" + name) == built(.rooms, .guest, 4..<68))
    #expect(route("/ws/..x y") == built(.rooms, .guest, 4..<9))
  }
  #endif

  #if Admin
  @Test func managementHasItsPaths() {
    #expect(route("/metrics") == .metrics)
    #expect(route("/ws/stats") == .stats)
    #expect(route("/ws/broadcast") == .broadcast)
    #expect(route("/ws/connections") == .connections)
    #expect(route("/ws/connections/rooms_7_1") == .connection(16..<25))
    #expect(route("/sessions") == (Families.isBuiltIn(.steps) ? .sessions : .notFound))
    #expect(route("/sessions/x") == (Families.isBuiltIn(.steps) ? .session(10..<11) : .notFound))
  }
  #else
  @Test(arguments: [
    "/metrics", "/ws/stats", "/ws/broadcast", "/ws/connections", "/ws/connections/rooms_7_1",
    "/sessions", "/sessions/x", "/sessions/",
  ])
  func managementLeftOutHasNoPath(path: String) { #expect(route(path) == .notFound) }
  #endif

  @Test func aTraitLeftOutHasNoPath() {
    #expect(!Families.isBuiltIn(.none))
    #expect(Families.isBuiltIn(.steps) == BuildTrait.stepDetection.isBuiltIn)
    #expect(Families.isBuiltIn(.echo) == BuildTrait.echo.isBuiltIn)
  }
}
