import JSON
import Memory

/// Why the body of a publish is not taken; it has changed nothing.
public enum EventError: Error, Equatable, Sendable {
  case malformed, type, data, audio, progress, status, title, message, level
  /// Longer than a message may be, or than all that is kept.
  case size
  /// There is no room for it now: it may come again.
  case busy

  /// What to do about it, without quotation marks and backslashes.
  public var message: StaticString {
    switch self {
    case .malformed: "Send one JSON object with type and data as the body."
    case .type: "type must be upload_progress, analysis_status or notification."
    case .data: "data must be an object."
    case .audio: "data.audio_id must be an integer, or a string of 1 to 64 bytes."
    case .progress: "data.progress must be a number from 0 to 100."
    case .status: "data.status must be a string."
    case .title: "data.title must be a string."
    case .message: "data.message must be a string."
    case .level: "data.level must be a string."
    case .size: "The event is too long."
    case .busy: "There is no room for the event now: come again."
    }
  }
}

/// A body that a backend published, read whole before anything is done about it.
public struct Event {
  let kind: EventKind
  /// Where the members stand in the body; they are passed on as they came.
  let data: Range<Int>
  /// What a newer event has to have in common with this one to replace it, empty if none can.
  let tag: ShortText

  public static func read(_ body: RawSpan) throws(EventError) -> Event {
    let (kind, data) = try readEnvelope(body)
    guard let kind else { throw .type }
    guard let data else { throw .data }
    var members = EventMembers()
    do throws(JSONError) {
      var json = JSONReader(body.extracting(data))
      try json.beginObject()
      while let name = try json.nextMember() { try members.read(name, &json) }
      try json.end()
    } catch {
      throw .malformed
    }
    try members.check(for: kind)
    return Event(kind: kind, data: data, tag: kind == .upload ? members.audio.tag : ShortText())
  }

  /// The type, nil when it is none of ours, and where the data stands, nil when it is no object.
  private static func readEnvelope(
    _ body: RawSpan
  ) throws(EventError) -> (kind: EventKind?, data: Range<Int>?) {
    var kind: EventKind? = nil
    var data: Range<Int>? = nil
    do throws(JSONError) {
      var json = JSONReader(body)
      try json.beginObject()
      while let name = try json.nextMember() {
        if name.equals("type") {
          kind = nil
          guard try json.peekKind() == .string else { continue }
          kind = Event.kind(try json.readString())
        } else if name.equals("data") {
          let isObject = try json.peekKind() == .object
          let range = try json.skipValue()
          data = isObject ? range : nil
        }
      }
      try json.end()
    } catch {
      throw .malformed
    }
    return (kind, data)
  }

  private static func kind(_ name: JSONString) -> EventKind? {
    for kind in EventKind.allCases where name.equals(kind.type) { return kind }
    return nil
  }
}
