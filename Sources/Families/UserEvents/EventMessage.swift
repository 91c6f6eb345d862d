import JSON
import Memory

/// What a client says, once all of its message was read.
enum EventAction: Equatable {
  case ping
  case pong
  case subscribe(EventKinds)
  case unsubscribe(EventKinds)
}

/// Why a message is refused; it has changed nothing.
enum EventRefusal: Error {
  case malformed
  case noType
  case unknownType
  /// `data.events` is missing or no array of strings.
  case noEvents
  case unknownEvent
  case tooFast

  /// What was wrong, and what to do about it.
  var text: StaticString {
    switch self {
    case .malformed: "Invalid JSON: send one object a message"
    case .noType: "A message needs a type, which is a string"
    case .unknownType: "Unknown message type: send ping, subscribe or unsubscribe"
    case .noEvents: "data.events must be an array of strings"
    case .unknownEvent: "Unknown event: upload, analysis and notification can be subscribed to"
    case .tooFast: "Messages come too fast: this one was dropped"
    }
  }
}

/// A client's message, read whole before anything is done about it.
struct EventMessage {
  private enum Kind { case none, ping, pong, subscribe, unsubscribe, unknown }

  private var kind = Kind.none
  private var events = EventKinds()
  private var hasEvents = false
  private var hasUnknownEvent = false

  static func read(_ bytes: RawSpan) throws(EventRefusal) -> EventAction {
    var message = EventMessage()
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
    case .subscribe: return .subscribe(try message.kinds())
    case .unsubscribe: return .unsubscribe(try message.kinds())
    }
  }

  private func kinds() throws(EventRefusal) -> EventKinds {
    guard hasEvents else { throw .noEvents }
    guard !hasUnknownEvent else { throw .unknownEvent }
    return events
  }

  private mutating func readMember(
    _ name: JSONString, _ json: inout JSONReader
  ) throws(JSONError) {
    if name.equals("type") {
      kind = try EventMessage.readKind(&json)
    } else if name.equals("data") {
      (events, hasEvents, hasUnknownEvent) = (EventKinds(), false, false)
      guard try json.peekKind() == .object else { return }
      try json.beginObject()
      while let name = try json.nextMember() {
        if name.equals("events") { try readEvents(&json) }
      }
    }
  }

  private static func readKind(_ json: inout JSONReader) throws(JSONError) -> Kind {
    guard try json.peekKind() == .string else { return .none }
    let name = try json.readString()
    if name.equals("ping") { return .ping }
    if name.equals("pong") { return .pong }
    if name.equals("subscribe") { return .subscribe }
    if name.equals("unsubscribe") { return .unsubscribe }
    return .unknown
  }

  private mutating func readEvents(_ json: inout JSONReader) throws(JSONError) {
    (events, hasUnknownEvent) = (EventKinds(), false)
    hasEvents = try json.peekKind() == .array
    guard hasEvents else { return }
    try json.beginArray()
    while try json.nextElement() {
      if try json.peekKind() == .string {
        readEvent(try json.readString())
      } else {
        hasEvents = false
      }
    }
  }

  private mutating func readEvent(_ name: JSONString) {
    for kind in EventKind.allCases where name.equals(kind.name) { return events.insert(kind) }
    hasUnknownEvent = true
  }
}
