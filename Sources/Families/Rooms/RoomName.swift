import Memory

/// What a room may be called (PROTOCOL.md, section 1).
enum RoomName {
  static func isValid(_ name: RawSpan) -> Bool {
    Identifier.isValid(name) && !isReserved(name) && !isSame(name, ".") && !isSame(name, "..")
  }

  /// Whether a path under `/ws` of this name is another thing than a room.
  private static func isReserved(_ name: RawSpan) -> Bool {
    isSame(name, "realtime") || isSame(name, "auth") || isSame(name, "stats")
      || isSame(name, "broadcast") || isSame(name, "connections") || isSame(name, "test-sessions")
  }

  private static func isSame(_ name: RawSpan, _ text: StaticString) -> Bool {
    name.equals(text.bytes)
  }
}
