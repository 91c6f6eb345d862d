import JSON

/// How much a notification presses.
enum NoticePriority: CaseIterable {
  case low, normal, high, urgent

  var name: StaticString {
    switch self {
    case .low: "low"
    case .normal: "normal"
    case .high: "high"
    case .urgent: "urgent"
    }
  }

  /// Nil when the name is none of them.
  init?(_ name: JSONString) {
    for priority in NoticePriority.allCases where name.equals(priority.name) {
      self = priority
      return
    }
    return nil
  }
}
