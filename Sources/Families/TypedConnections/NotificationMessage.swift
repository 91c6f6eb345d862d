import JSON
import Memory

/// What a client of a notifications connection asks, once all of its message was read.
enum NotificationAction: Equatable {
  /// The notification of this id was read.
  case mark(UInt64)
  case ping
  case pong
}

/// Why a message of a notifications connection is refused; it has changed nothing.
enum NotificationRefusal: Error, CaseIterable {
  case malformed, noType, unknownType
  /// The id is missing, or can be none.
  case id
  /// The user has no unread notification with this id.
  case unknownID
  /// There is no room for the record now.
  case busy
  case tooFast

  /// What was wrong, and what to do about it.
  var text: StaticString {
    switch self {
    case .malformed: "Invalid JSON: send one object a message"
    case .noType: "A message needs a type, which is a string"
    case .unknownType: "Unknown type: send mark_notification_read or ping"
    case .id: "notification_id must be the id of a notification, a number or a decimal string"
    case .unknownID: "There is no unread notification with this id"
    case .busy: "There is no room to note this now: send it again"
    case .tooFast: "Messages come too fast: this one was dropped"
    }
  }
}

/// A client's message, read whole before anything is done about it.
struct NotificationMessage {
  private enum Kind { case none, mark, ping, pong, unknown }

  private var kind = Kind.none
  private var id: UInt64?

  static func read(_ bytes: RawSpan) throws(NotificationRefusal) -> NotificationAction {
    var message = NotificationMessage()
    do throws(JSONError) {
      var json = JSONReader(bytes)
      try json.beginObject()
      while let name = try json.nextMember() { try message.readMember(name, &json) }
      try json.end()
    } catch {
      throw .malformed
    }
    switch message.kind {
    case .none: throw .noType
    case .unknown: throw .unknownType
    case .ping: return .ping
    case .pong: return .pong
    case .mark: break
    }
    guard let id = message.id else { throw .id }
    return .mark(id)
  }

  private mutating func readMember(
    _ name: JSONString, _ json: inout JSONReader
  ) throws(JSONError) {
    if name.equals("type") {
      kind = .none
      guard try json.peekKind() == .string else { return }
      kind = NotificationMessage.kind(try json.readString())
    } else if name.equals("notification_id") {
      try readID(&json)
    }
  }

  private static func kind(_ name: JSONString) -> Kind {
    if name.equals("mark_notification_read") { return .mark }
    if name.equals("ping") { return .ping }
    if name.equals("pong") { return .pong }
    return .unknown
  }

  private mutating func readID(_ json: inout JSONReader) throws(JSONError) {
    id = nil
    switch try json.peekKind() {
    case .number:
      do throws(JSONError) {
        id = UInt64(exactly: try json.readInteger())
      } catch .mismatch {
      } catch .numberOutOfRange {
      } catch {
        throw error
      }
    case .string: id = try json.readString().raw.decimal
    default: break
    }
  }
}

extension RawSpan {
  /// The number below 2^63 that these bytes write in digits, without zeros in front.
  fileprivate var decimal: UInt64? {
    guard byteCount > 0, byteCount <= 18, self[0] != UInt8(ascii: "0") else { return nil }
    var value: UInt64 = 0
    for place in 0..<byteCount {
      guard self[place] >= UInt8(ascii: "0"), self[place] <= UInt8(ascii: "9") else { return nil }
      value = 10 * value + UInt64(self[place] - UInt8(ascii: "0"))
    }
    return value
  }
}
