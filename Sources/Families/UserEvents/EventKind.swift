/// What clients subscribe to, and the type of event that belongs to it.
enum EventKind: UInt8, CaseIterable {
  case upload, analysis, notification

  /// As `subscribe` names it.
  var name: StaticString {
    switch self {
    case .upload: "upload"
    case .analysis: "analysis"
    case .notification: "notification"
    }
  }

  /// The `type` of such an event.
  var type: StaticString {
    switch self {
    case .upload: "upload_progress"
    case .analysis: "analysis_status"
    case .notification: "notification"
    }
  }
}
