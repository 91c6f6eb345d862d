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
    #expect(route("/ws") == built(.rooms, .guest))
    #expect(route("/ws/lobby") == built(.rooms, .guest, 4..<9))
    #expect(route("/ws/auth") == built(.rooms, .user))
    #expect(route("/ws/auth/lobby") == built(.rooms, .user, 9..<14))
  }

  @Test(arguments: [
    "", "/", "/Health", "/health/", "/healt", "/ws/realtime/x", "/ECHO", "health", "/api",
    "/api/ws/",
    "/api/v1/ws/7", "/wsx", "/ws/stats/x", "/ws/test-sessions/7",
  ])
  func nothingElseIsThere(path: String) { #expect(route(path) == .notFound) }

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
