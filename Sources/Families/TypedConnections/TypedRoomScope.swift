/// The kinds of connections that are in rooms; each kind has rooms of its own.
public enum TypedRoomScope: UInt8, CaseIterable, Sendable {
  case general, chat

  /// As `connection_type` names it.
  public var name: StaticString {
    switch self {
    case .general: "general"
    case .chat: "chat"
    }
  }
}
