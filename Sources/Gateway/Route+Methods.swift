import HTTP

extension Route {
  /// What the path takes.
  var methods: MethodSet {
    switch self {
    case .upgrade, .webSocket: [.get]
    case .health, .metrics, .stats, .sessions: [.get, .head]
    case .broadcast, .publish, .publishToAll: [.post]
    case .connections: [.get, .head, .delete]
    case .connection: [.delete]
    case .session: [.get, .head, .delete]
    case .testSession: [.put, .get, .head, .delete]
    case .badName, .notFound: []
    }
  }

  /// Whether a request of this method brings a body that says what to do.
  func takesBody(by method: Method) -> Bool {
    switch self {
    case .broadcast, .publish, .publishToAll: method == .post
    case .testSession: method == .put
    default: false
    }
  }

  var isUpgrade: Bool {
    switch self {
    case .upgrade, .webSocket: true
    default: false
    }
  }
}
