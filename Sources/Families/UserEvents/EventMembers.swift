import JSON
import Memory

/// What a member of an event's data is found to be.
enum EventMember { case absent, good, bad }

/// Which piece of audio an event is about.
struct AudioID {
  var member = EventMember.absent
  /// A string as it is, a number behind a byte that no string holds: 1 is not "1".
  var tag = ShortText()
}

/// What is looked at of an event's data; when a name occurs twice the last counts.
struct EventMembers {
  private(set) var audio = AudioID()
  private var progress = EventMember.absent
  private var status = EventMember.absent
  private var title = EventMember.absent
  private var message = EventMember.absent
  private var level = EventMember.absent

  mutating func read(_ name: JSONString, _ json: inout JSONReader) throws(JSONError) {
    if name.equals("audio_id") {
      audio = try EventMembers.readAudio(&json)
    } else if name.equals("progress") {
      progress = try EventMembers.readProgress(&json)
    } else if name.equals("status") {
      status = try EventMembers.readText(&json)
    } else if name.equals("title") {
      title = try EventMembers.readText(&json)
    } else if name.equals("message") {
      message = try EventMembers.readText(&json)
    } else if name.equals("level") {
      level = try EventMembers.readText(&json)
    }
  }

  /// Throws for the first member that this kind needs and that is missing, or is no good.
  func check(for kind: EventKind) throws(EventError) {
    switch kind {
    case .upload:
      guard audio.member == .good else { throw .audio }
      guard progress == .good else { throw .progress }
      guard status == .good else { throw .status }
    case .analysis:
      guard audio.member == .good else { throw .audio }
      guard status == .good else { throw .status }
      guard progress != .bad else { throw .progress }
    case .notification:
      guard title == .good else { throw .title }
      guard message == .good else { throw .message }
      guard level == .good else { throw .level }
    }
  }

  private static func readText(_ json: inout JSONReader) throws(JSONError) -> EventMember {
    let isString = try json.peekKind() == .string
    try json.skipValue()
    return isString ? .good : .bad
  }

  private static func readProgress(_ json: inout JSONReader) throws(JSONError) -> EventMember {
    do throws(JSONError) {
      let value = try json.readNumber()
      return value >= 0 && value <= 100 ? .good : .bad
    } catch {
      // Where it is due it is skipped, and what is malformed throws there.
      try json.skipValue()
      return .bad
    }
  }

  private static func readAudio(_ json: inout JSONReader) throws(JSONError) -> AudioID {
    if try json.peekKind() == .string {
      let (text, isWhole) = try json.readString().shortText()
      let isGood = isWhole && !text.isEmpty
      return AudioID(member: isGood ? .good : .bad, tag: isGood ? text : ShortText())
    }
    do throws(JSONError) {
      return AudioID(member: .good, tag: tag(try json.readInteger()))
    } catch {
      try json.skipValue()
      return AudioID(member: .bad)
    }
  }

  private static func tag(_ number: Int64) -> ShortText {
    var bytes = InlineArray<9, UInt8>(repeating: 0xFF)
    for place in 0..<8 {
      bytes[place + 1] = UInt8(truncatingIfNeeded: number >> Int64(8 * place))
    }
    return ShortText(bytes.span.raw) ?? ShortText()
  }
}
