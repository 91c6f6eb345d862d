import Delivery
import JSON
import Memory

/// What every typed connection is told in the same words (PROTOCOL.md, section 8).
extension ByteWriter {
  /// Begins a message; whoever does ends it with `endTyped`.
  mutating func beginTyped(_ type: StaticString) {
    beginObject()
    member("type", type)
  }

  mutating func endTyped(at now: Moment) {
    member("timestamp", timestamp: Int64(clamping: now.wall), .milliseconds)
    endObject()
  }

  /// What is sent first.
  ///
  /// - Parameter stamp: milliseconds since 1970 UTC that no other connection has.
  mutating func connectionEstablished(
    _ type: StaticString, _ user: ShortText, stamp: UInt64, at now: Moment
  ) {
    beginTyped("connection_established")
    name("connection_id")
    append("\"")
    append(type)
    append("_")
    escaped(user.bytes)
    append("_")
    append(decimal: stamp)
    append("\"")
    member("connection_type", type)
    member("user_id", user.bytes)
    endTyped(at: now)
  }

  mutating func typedPong(at now: Moment) {
    beginTyped("pong")
    endTyped(at: now)
  }

  mutating func typedError(_ message: StaticString, at now: Moment) {
    beginTyped("error")
    member("message", message)
    endTyped(at: now)
  }
}
