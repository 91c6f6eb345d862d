import JSON

/// Why a body is not published as a notification; it has changed nothing.
public enum NoticeError: Error, Equatable, Sendable, CaseIterable {
  case malformed
  /// There is no title: the body is no notification.
  case noTitle
  case title, message, priority
  /// Longer than a message may be, or than all that is kept.
  case size
  /// There is no room for it now: it may come again.
  case busy

  /// What to do about it, without quotation marks and backslashes.
  public var message: StaticString {
    switch self {
    case .malformed: "Send one JSON object as the body."
    case .noTitle: "Send a member title, a string, in the body."
    case .title: "title must be a string."
    case .message: "message must be a string."
    case .priority: "priority must be low, normal, high or urgent."
    case .size: "The notification is too long."
    case .busy: "There is no room for the notification now: come again."
    }
  }
}

/// A body that is to become a notification, read whole before anything is done about it.
public struct Notice {
  /// Where the title stands in the body, quotes and all.
  private(set) var title = 0..<0
  /// Where the message stands in the body, nil when there is none.
  private(set) var message: Range<Int>?
  private(set) var priority = NoticePriority.normal

  /// Members so far, and what is wrong with them: the last of one name counts.
  private struct Members {
    var title: Range<Int>?
    var hasTitle = false
    var message: Range<Int>?
    var hasMessage = false
    var priority: NoticePriority? = .normal
  }

  public static func read(_ body: RawSpan) throws(NoticeError) -> Notice {
    var members = Members()
    do throws(JSONError) {
      var json = JSONReader(body)
      try json.beginObject()
      while let name = try json.nextMember() { try read(name, &json, into: &members) }
      try json.end()
    } catch {
      throw .malformed
    }
    guard members.hasTitle else { throw .noTitle }
    guard let title = members.title else { throw .title }
    guard members.message != nil || !members.hasMessage else { throw .message }
    guard let priority = members.priority else { throw .priority }
    var notice = Notice()
    (notice.title, notice.message, notice.priority) = (title, members.message, priority)
    return notice
  }

  private static func read(
    _ name: JSONString, _ json: inout JSONReader, into members: inout Members
  ) throws(JSONError) {
    if name.equals("title") {
      members.hasTitle = true
      members.title = try readText(&json)
    } else if name.equals("message") {
      members.hasMessage = true
      members.message = try readText(&json)
    } else if name.equals("priority") {
      members.priority = nil
      if try json.peekKind() == .string { members.priority = NoticePriority(try json.readString()) }
    }
  }

  /// Where a string stands, nil when the value is none.
  private static func readText(_ json: inout JSONReader) throws(JSONError) -> Range<Int>? {
    let isText = try json.peekKind() == .string
    let range = try json.skipValue()
    return isText ? range : nil
  }
}
