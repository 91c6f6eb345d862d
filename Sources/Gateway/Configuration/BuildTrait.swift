/// A compile-time feature: what a build may leave out, and whether this one has it.
public enum BuildTrait: UInt8, CaseIterable, Sendable {
  case stepDetection, rooms, emotionSync, userEvents, typedConnections, persistence, deflate, tls,
    admin, echo

  /// The name in Package.swift.
  public var name: StaticString {
    switch self {
    case .stepDetection: "StepDetection"
    case .rooms: "Rooms"
    case .emotionSync: "EmotionSync"
    case .userEvents: "UserEvents"
    case .typedConnections: "TypedConnections"
    case .persistence: "Persistence"
    case .deflate: "Deflate"
    case .tls: "TLS"
    case .admin: "Admin"
    case .echo: "Echo"
    }
  }

  public var isBuiltIn: Bool {
    switch self {
    case .stepDetection:
      #if StepDetection
      return true
      #else
      return false
      #endif
    case .rooms:
      #if Rooms
      return true
      #else
      return false
      #endif
    case .emotionSync:
      #if EmotionSync
      return true
      #else
      return false
      #endif
    case .userEvents:
      #if UserEvents
      return true
      #else
      return false
      #endif
    case .typedConnections:
      #if TypedConnections
      return true
      #else
      return false
      #endif
    case .persistence:
      #if Persistence
      return true
      #else
      return false
      #endif
    case .deflate:
      #if Deflate
      return true
      #else
      return false
      #endif
    case .tls:
      #if TLS
      return true
      #else
      return false
      #endif
    case .admin:
      #if Admin
      return true
      #else
      return false
      #endif
    case .echo:
      #if Echo
      return true
      #else
      return false
      #endif
    }
  }

  public static var builtIn: [BuildTrait] { allCases.filter { $0.isBuiltIn } }
}
