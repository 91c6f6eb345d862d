/// Why a request about a session is refused; it has changed nothing.
public enum TestSessionError: Error, Equatable, Sendable {
  /// Which answer of HTTP it becomes.
  public enum Kind: Sendable {
    /// 422.
    case unprocessable
    /// 409.
    case conflict
    /// 503.
    case full
  }

  case malformed
  case duration
  case autostart
  case running
  case submitted
  case tooManySessions
  /// No more records are taken for now.
  case busy

  public var kind: Kind {
    switch self {
    case .malformed, .duration, .autostart: .unprocessable
    case .running, .submitted: .conflict
    case .tooManySessions, .busy: .full
    }
  }

  /// What to do about it, without quotation marks and backslashes.
  public var message: StaticString {
    switch self {
    case .malformed: "Send one JSON object as the body."
    case .duration: "duration_seconds must be a whole number from 1 to 86400."
    case .autostart: "autostart must be true or false."
    case .running: "This session is running: it can be changed while it waits only."
    case .submitted: "This session was submitted: delete it, or take another id."
    case .tooManySessions: "There are too many sessions: delete one, or try again later."
    case .busy: "Too much is being written: try again in a while."
    }
  }
}
