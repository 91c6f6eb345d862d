import Delivery
import Memory
import Tokens
import WebSocket

/// SIGHUP.
extension Gateway where Link: ~Copyable {
  /// Takes new keys and a new log level, both or neither.
  @inline(never)
  mutating func reload() {
    do throws(ReloadError) {
      let new = try link.reload()
      log.level = new.logLevel
      doorkeeper.keys = new.keys
      closeRevoked()
      if log.begin(.info, "reloaded", at: now.wall) {
        log.field("keys", doorkeeper.keys.count)
        log.field("level", log.level.name)
        endLogLine()
      }
    } catch {
      if log.begin(.error, "not reloaded: all stays as it was", at: now.wall) {
        log.field("reason", words: error.reason.span.raw)
        endLogLine()
      }
    }
  }

  /// A key that was taken away takes its tokens along: no right outlives it in a connection.
  private mutating func closeRevoked() {
    for place in 0..<limits.places where connections[place].phase == .open {
      let key = connections[place].key
      guard key != 0, !doorkeeper.keys.contains(fingerprint: key) else { continue }
      metrics.count(.tokenExpired)
      close(place, .tokenExpired)
    }
  }
}
