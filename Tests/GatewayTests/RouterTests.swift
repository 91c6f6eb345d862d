import Memory
import Testing

@testable import Gateway

@Suite struct RouterTests {
  private func route(_ path: String) -> Route {
    var bytes = ByteWriter(capacity: 100)
    bytes.append(Array(path.utf8).span.raw)
    return Router.route(bytes)
  }

  @Test func everyPathLeadsToItsFamily() {
    #expect(route("/health") == .health)
    #expect(route("/ws/realtime") == (Families.isBuiltIn(.steps) ? .upgrade(.steps) : .notFound))
    #expect(route("/echo") == (Families.isBuiltIn(.echo) ? .upgrade(.echo) : .notFound))
  }

  @Test(arguments: ["", "/", "/Health", "/health/", "/healt", "/ws/realtime/x", "/ECHO", "health"])
  func nothingElseIsThere(path: String) { #expect(route(path) == .notFound) }

  @Test func aTraitLeftOutHasNoPath() {
    #expect(!Families.isBuiltIn(.none))
    #expect(Families.isBuiltIn(.steps) == BuildTrait.stepDetection.isBuiltIn)
    #expect(Families.isBuiltIn(.echo) == BuildTrait.echo.isBuiltIn)
  }
}
