import Delivery
import Memory
import WebSocket

// Where the families are joined: the one place that asks which traits are built in. A family that
// is left out is replaced by one that no connection reaches. The imports are exported, so that the
// rest of the module sees what they declare, too, whichever traits are built in.
#if StepDetection
@_exported import StepSessions
typealias StepFamily = StepSessions
#else
typealias StepFamily = AbsentFamily
#endif
#if Rooms
@_exported import Rooms
typealias RoomFamily = Rooms
#else
typealias RoomFamily = AbsentFamily
#endif
#if EmotionSync
@_exported import EmotionSync
typealias EmotionFamily = EmotionSync
#else
typealias EmotionFamily = AbsentFamily
#endif

#if UserEvents
@_exported import UserEvents
typealias EventFamily = UserEvents
#else
typealias EventFamily = AbsentFamily
#endif
#if TypedConnections
@_exported import TypedConnections
typealias TypedRoomFamily = TypedRooms
typealias NotificationFamily = Notifications
typealias TestSessionFamily = TestSessions
#else
typealias TypedRoomFamily = AbsentFamily
typealias NotificationFamily = AbsentFamily
typealias TestSessionFamily = AbsentFamily
#endif

/// Which family a connection belongs to.
enum FamilyKind: UInt8, CaseIterable {
  case none, echo, steps, rooms, emotion, events, general, notifications, testSession, chat

  /// The families, without `none`.
  static let count = allCases.count - 1

  /// What management and metrics call it.
  var name: StaticString {
    switch self {
    case .none: "none"
    case .echo: "echo"
    case .steps: "step-session"
    case .rooms: "rooms"
    case .emotion: "emotion"
    case .events: "user-events"
    case .general: "general"
    case .notifications: "notifications"
    case .testSession: "test-session"
    case .chat: "chat"
    }
  }

  /// The one behind it, nil behind the last.
  var next: FamilyKind? { FamilyKind(rawValue: rawValue + 1) }
}

/// All families; `Families+Calls` says which one a call goes to.
struct Families: ~Copyable {
  var echo: EchoFamily
  var steps: StepFamily
  var rooms: RoomFamily
  var emotion: EmotionFamily
  var events: EventFamily
  /// General and chat.
  var talks: TypedRoomFamily
  var notifications: NotificationFamily
  var testSessions: TestSessionFamily

  /// - Parameters:
  ///   - firstID: where ids begin that grow.
  ///   - knownUpTo: the highest id of earlier runs that is known.
  ///   - seed: random, and known to no peer.
  init(_ limits: Limits, firstID: UInt64, knownUpTo: UInt64?, seed: UInt64) {
    #if Echo
    echo = EchoFamily()
    #else
    echo = AbsentFamily()
    #endif
    #if StepDetection
    steps = StepSessions(
      connections: limits.places, sessions: limits.stepSessions,
      idleTimeout: limits.stepIdleTimeout)
    #else
    steps = AbsentFamily()
    #endif
    #if Rooms
    rooms = Rooms(
      connections: limits.places, rooms: limits.rooms, membersPerRoom: limits.roomMembers,
      roomsPerConnection: limits.roomsPerConnection, history: limits.roomHistory,
      historySize: limits.roomHistorySize, messageMaximum: limits.messageMaximum,
      startedAt: firstID, seed: seed)
    #else
    rooms = AbsentFamily()
    #endif
    #if EmotionSync
    emotion = EmotionSync(
      connections: limits.places, users: limits.emotionUsers, allowed: limits.emotionsAllowed,
      seed: seed)
    #else
    emotion = AbsentFamily()
    #endif
    #if UserEvents
    events = UserEvents(
      connections: limits.places, users: limits.queueUsers, perUser: limits.queueLength,
      size: limits.queueSize, lifetime: limits.queueLifetime, firstID: firstID,
      knownUpTo: knownUpTo, seed: seed)
    #else
    events = AbsentFamily()
    #endif
    #if TypedConnections
    talks = TypedRooms(
      connections: limits.places, rooms: limits.rooms, membersPerRoom: limits.roomMembers,
      roomsPerConnection: limits.roomsPerConnection, seed: seed)
    notifications = Notifications(
      connections: limits.places, users: limits.queueUsers, perUser: limits.queueLength,
      size: limits.queueSize, lifetime: limits.queueLifetime, firstID: firstID, seed: seed)
    testSessions = TestSessions(
      connections: limits.places, sessions: limits.testSessions,
      participants: limits.testParticipants, answersPerParticipant: limits.testAnswers,
      participantSize: limits.testParticipantSize, answersSize: limits.testAnswersSize,
      timerInterval: limits.testTimerInterval, keep: limits.testKeep, seed: seed)
    #else
    talks = AbsentFamily()
    notifications = AbsentFamily()
    testSessions = AbsentFamily()
    #endif
  }
}

#if !UserEvents
extension AbsentFamily {
  mutating func noteUnknown(_ mailroom: inout Mailroom) {}
}
#endif
#if !TypedConnections
extension AbsentFamily {
  func hasRoom(for session: RawSpan, user: ShortText, isProctor: Bool) -> Bool { false }
}
#endif
