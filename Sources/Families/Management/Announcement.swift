public import Delivery
import JSON
public import Memory

/// Why the body of a broadcast is not sent.
public enum AnnouncementError: Error, Equatable, Sendable {
  case malformed
  /// No member `type`, or one that is no string.
  case type

  /// What to do about it, without quotation marks and backslashes.
  public var message: StaticString {
    switch self {
    case .malformed: "Send one JSON object as the body."
    case .type: "Send a member type, a string, in the body."
    }
  }
}

/// What an operator tells many at once: an object of any members, with the time added.
public enum Announcement {
  /// Writes `body` to `draft`, which is empty, with `timestamp` set to now; one that it had is left
  /// out. When that throws the draft is empty again.
  public static func write(
    _ body: RawSpan, at now: Moment, to draft: inout ByteWriter
  ) throws(AnnouncementError) {
    let hasType: Bool
    do throws(JSONError) { hasType = try copy(body, to: &draft) } catch {
      draft.removeAll()
      throw .malformed
    }
    guard hasType else {
      draft.removeAll()
      throw .type
    }
    draft.member("timestamp", timestamp: Int64(clamping: now.wall), .milliseconds)
    draft.endObject()
  }

  /// Copies all members but the time, and leaves the object open; returns whether a type was there.
  private static func copy(
    _ body: RawSpan, to draft: inout ByteWriter
  ) throws(JSONError) -> Bool {
    var json = JSONReader(body)
    var hasType = false
    draft.beginObject()
    try json.beginObject()
    while let name = try json.nextMember() {
      if name.equals("type") { hasType = try json.peekKind() == .string }
      let value = try json.skipValue()
      guard !name.equals("timestamp") else { continue }
      draft.string(name)
      draft.append(":")
      draft.append(body.extracting(value))
    }
    try json.end()
    return hasType
  }
}
