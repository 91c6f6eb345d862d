import Memory

/// Where a path leads.
enum Route: Equatable {
  case upgrade(FamilyKind)
  case health
  case notFound
}

/// Which paths there are (PROTOCOL.md, section 1).
enum Router {
  /// - Parameter path: without its escapes.
  static func route(_ path: borrowing ByteWriter) -> Route {
    let path = path.bytes
    if path.equals(health.bytes) { return .health }
    if path.equals(steps.bytes) { return built(.steps) }
    if path.equals(echo.bytes) { return built(.echo) }
    return .notFound
  }

  /// A path whose trait is left out of the build is not there.
  private static func built(_ kind: FamilyKind) -> Route {
    Families.isBuiltIn(kind) ? .upgrade(kind) : .notFound
  }

  private static let health: StaticString = "/health"
  private static let steps: StaticString = "/ws/realtime"
  private static let echo: StaticString = "/echo"
}
