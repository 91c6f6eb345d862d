import JSON
import Memory

extension ByteWriter {
  /// What `/health` says (PROTOCOL.md, section 1).
  ///
  /// - Parameter uptime: seconds.
  mutating func health(uptime: UInt64, connections: Int) {
    beginObject()
    member("status", "healthy")
    member("uptime", uptime)
    member("connections", connections)
    name("traits")
    beginArray()
    for trait in BuildTrait.allCases where trait.isBuiltIn { string(trait.name) }
    endArray()
    endObject()
  }
}
