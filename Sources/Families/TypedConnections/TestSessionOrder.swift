import JSON
import Memory

/// What the body of a PUT says about a session.
struct TestSessionOrder {
  /// Milliseconds.
  private(set) var duration: UInt64 = 0
  private(set) var startsItself = false
  private var hasBadStart = false

  static let seconds: ClosedRange<Int64> = 1...86400

  static func read(_ body: RawSpan) throws(TestSessionError) -> TestSessionOrder {
    var order = TestSessionOrder()
    do throws(JSONError) {
      var json = JSONReader(body)
      try json.beginObject()
      while let name = try json.nextMember() { try order.readMember(name, &json) }
      try json.end()
    } catch {
      throw .malformed
    }
    guard order.duration > 0 else { throw .duration }
    guard !order.hasBadStart else { throw .autostart }
    return order
  }

  private mutating func readMember(
    _ name: JSONString, _ json: inout JSONReader
  ) throws(JSONError) {
    if name.equals("duration_seconds") {
      try readDuration(&json)
    } else if name.equals("autostart") {
      hasBadStart = try json.peekKind() != .bool
      if hasBadStart { _ = try json.skipValue() } else { startsItself = try json.readBool() }
    } else {
      _ = try json.skipValue()
    }
  }

  private mutating func readDuration(_ json: inout JSONReader) throws(JSONError) {
    duration = 0
    do throws(JSONError) {
      let seconds = try json.readInteger()
      if TestSessionOrder.seconds.contains(seconds) { duration = UInt64(seconds) * 1000 }
    } catch .mismatch {
      _ = try json.skipValue()
    } catch .numberOutOfRange {
      _ = try json.skipValue()
    } catch {
      throw error
    }
  }
}
