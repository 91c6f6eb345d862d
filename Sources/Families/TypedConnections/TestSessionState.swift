/// How far a session is; the numbers stand in records and never change.
public enum TestSessionState: UInt8, Sendable {
  case waiting, running, submitted

  /// What clients read.
  public var name: StaticString {
    switch self {
    case .waiting: "waiting"
    case .running: "running"
    case .submitted: "submitted"
    }
  }
}
