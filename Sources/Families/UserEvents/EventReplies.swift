import Delivery
import JSON
import Memory

/// What user events say, as JSON in a draft (PROTOCOL.md, section 7).
extension ByteWriter {
  private mutating func begin(_ type: StaticString) {
    beginObject()
    member("type", type)
  }

  private mutating func timestamp(_ now: Moment) {
    member("timestamp", timestamp: Int64(clamping: now.wall), .seconds)
  }

  /// What is sent first.
  ///
  /// - Parameter resumed: whether nothing was lost, for one who said what it has seen.
  mutating func connection(_ user: ShortText, resumed: Bool?, at now: Moment) {
    begin("connection")
    name("data")
    beginObject()
    member("status", "connected")
    if user.isDecimal {
      member("user_id", raw: user.bytes)
    } else {
      member("user_id", user.bytes)
    }
    member("message", "WebSocket connection established")
    if let resumed { member("resumed", resumed) }
    endObject()
    timestamp(now)
    endObject()
  }

  /// - Parameter data: of the event, as it came.
  mutating func event(_ kind: EventKind, _ data: RawSpan, id: UInt64, at now: Moment) {
    begin(kind.type)
    member("data", raw: data)
    timestamp(now)
    member("id", id)
    endObject()
  }

  mutating func pong(at now: Moment) {
    begin("pong")
    timestamp(now)
    endObject()
  }

  /// - Parameter kinds: all that are in force.
  mutating func subscriptions(_ type: StaticString, _ kinds: EventKinds, at now: Moment) {
    begin(type)
    name("data")
    beginObject()
    name("events")
    beginArray()
    for kind in EventKind.allCases where kinds.contains(kind) { string(kind.name) }
    endArray()
    endObject()
    timestamp(now)
    endObject()
  }

  mutating func refusal(_ refusal: EventRefusal, at now: Moment) {
    begin("error")
    name("data")
    beginObject()
    member("message", refusal.text)
    endObject()
    timestamp(now)
    endObject()
  }
}

extension ShortText {
  /// Whether this is a whole number as JSON writes it, and one that every reader of JSON holds
  /// exactly: 0 to 2^53.
  var isDecimal: Bool {
    let bytes = bytes
    guard bytes.byteCount > 0, bytes.byteCount <= 16 else { return false }
    if bytes[0] == UInt8(ascii: "0") { return bytes.byteCount == 1 }
    var value: UInt64 = 0
    for place in 0..<bytes.byteCount {
      guard bytes[place] >= UInt8(ascii: "0"), bytes[place] <= UInt8(ascii: "9") else {
        return false
      }
      value = 10 * value + UInt64(bytes[place] - UInt8(ascii: "0"))
    }
    return value <= 1 << 53
  }
}
