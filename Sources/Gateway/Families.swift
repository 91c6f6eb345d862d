import Delivery
import Memory
import WebSocket

// Where the families are joined: the one place that asks which traits are built in. A family that
// is left out is replaced by one that no connection reaches.
#if StepDetection
import StepSessions
typealias StepFamily = StepSessions
#else
typealias StepFamily = AbsentFamily
#endif
#if Rooms
import Rooms
typealias RoomFamily = Rooms
#else
typealias RoomFamily = AbsentFamily
#endif
#if EmotionSync
import EmotionSync
typealias EmotionFamily = EmotionSync
#else
typealias EmotionFamily = AbsentFamily
#endif

/// Which family a connection belongs to.
enum FamilyKind: UInt8, CaseIterable {
  case none, echo, steps, rooms, emotion

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
    }
  }
}

extension Limits {
  /// Bytes of the longest answer that a family makes of its own.
  var longestReply: Int {
    #if EmotionSync
    EmotionSync.longestAnswer(allowed: emotionsAllowed.count)
    #else
    0
    #endif
  }

  /// Bytes of the longest list of the names in a room.
  var longestList: Int {
    #if Rooms
    Rooms.longestAnswer(membersPerRoom: roomMembers, messageMaximum: messageMaximum)
    #else
    0
    #endif
  }
}

extension Families {
  /// What the memory plan says of the families that are built in.
  static func rows(_ limits: Limits) -> [MemoryPlan.Row] {
    var rows: [MemoryPlan.Row] = []
    #if StepDetection
    rows.append(
      MemoryPlan.Row(
        name: "step sessions", count: limits.stepSessions, size: StepSessions.bytesPerSession,
        holders: "detector, clock and counts of each session"))
    #endif
    #if Rooms
    let rooms = Rooms.byteCount(
      connections: limits.places, rooms: limits.rooms, membersPerRoom: limits.roomMembers,
      roomsPerConnection: limits.roomsPerConnection, history: limits.roomHistory,
      historySize: limits.roomHistorySize, messageMaximum: limits.messageMaximum)
    rows.append(
      MemoryPlan.Row(
        name: "rooms", count: 1, size: rooms, holders: "rooms, who is in them, and what was said"))
    #endif
    #if EmotionSync
    rows.append(
      MemoryPlan.Row(
        name: "emotions", count: 1,
        size: EmotionSync.byteCount(connections: limits.places, users: limits.emotionUsers),
        holders: "the last emotion of each user, and its devices"))
    #endif
    return rows
  }
}

/// All families, and one switch a call.
struct Families: ~Copyable {
  var echo: EchoFamily
  var steps: StepFamily
  var rooms: RoomFamily
  var emotion: EmotionFamily

  /// - Parameter seed: random, and known to no peer.
  init(_ limits: Limits, at now: Moment, seed: UInt64) {
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
      startedAt: now.wall * 1000, seed: seed)
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
  }

  static func isBuiltIn(_ kind: FamilyKind) -> Bool {
    switch kind {
    case .none: false
    case .echo: EchoFamily.isBuiltIn
    case .steps: StepFamily.isBuiltIn
    case .rooms: RoomFamily.isBuiltIn
    case .emotion: EmotionFamily.isBuiltIn
    }
  }

  func hasRoom(_ kind: FamilyKind) -> Bool {
    switch kind {
    case .none: false
    case .echo: echo.hasRoom
    case .steps: steps.hasRoom
    case .rooms: rooms.hasRoom
    case .emotion: emotion.hasRoom
    }
  }

  func takesBinary(_ kind: FamilyKind) -> Bool {
    switch kind {
    case .none: false
    case .echo: echo.takesBinary
    case .steps: steps.takesBinary
    case .rooms: rooms.takesBinary
    case .emotion: emotion.takesBinary
    }
  }

  func refusesExcess(_ kind: FamilyKind) -> Bool {
    switch kind {
    case .none: true
    case .echo: echo.refusesExcess
    case .steps: steps.refusesExcess
    case .rooms: rooms.refusesExcess
    case .emotion: emotion.refusesExcess
    }
  }

  mutating func touch() {
    echo.touch()
    steps.touch()
    rooms.touch()
    emotion.touch()
  }

  mutating func opened(
    _ kind: FamilyKind, _ connection: Int, _ opening: Opening, at now: Moment,
    _ mailroom: inout Mailroom
  ) {
    switch kind {
    case .none: break
    case .echo: echo.opened(connection, opening, at: now, &mailroom)
    case .steps: steps.opened(connection, opening, at: now, &mailroom)
    case .rooms: rooms.opened(connection, opening, at: now, &mailroom)
    case .emotion: emotion.opened(connection, opening, at: now, &mailroom)
    }
  }

  mutating func received(
    _ kind: FamilyKind, _ opcode: Opcode, _ payload: RawSpan, from connection: Int,
    at now: Moment, _ mailroom: inout Mailroom
  ) -> FamilyStep {
    switch kind {
    case .none: .stay
    case .echo: echo.received(opcode, payload, from: connection, at: now, &mailroom)
    case .steps: steps.received(opcode, payload, from: connection, at: now, &mailroom)
    case .rooms: rooms.received(opcode, payload, from: connection, at: now, &mailroom)
    case .emotion: emotion.received(opcode, payload, from: connection, at: now, &mailroom)
    }
  }

  mutating func refused(
    _ kind: FamilyKind, _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) {
    switch kind {
    case .none: break
    case .echo: echo.refused(connection, at: now, &mailroom)
    case .steps: steps.refused(connection, at: now, &mailroom)
    case .rooms: rooms.refused(connection, at: now, &mailroom)
    case .emotion: emotion.refused(connection, at: now, &mailroom)
    }
  }

  mutating func resumed(
    _ kind: FamilyKind, _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) {
    switch kind {
    case .none: break
    case .echo: echo.resumed(connection, at: now, &mailroom)
    case .steps: steps.resumed(connection, at: now, &mailroom)
    case .rooms: rooms.resumed(connection, at: now, &mailroom)
    case .emotion: emotion.resumed(connection, at: now, &mailroom)
    }
  }

  func deadline(_ kind: FamilyKind, of connection: Int) -> UInt64? {
    switch kind {
    case .none: nil
    case .echo: echo.deadline(of: connection)
    case .steps: steps.deadline(of: connection)
    case .rooms: rooms.deadline(of: connection)
    case .emotion: emotion.deadline(of: connection)
    }
  }

  mutating func expired(
    _ kind: FamilyKind, _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) -> FamilyStep {
    switch kind {
    case .none: .stay
    case .echo: echo.expired(connection, at: now, &mailroom)
    case .steps: steps.expired(connection, at: now, &mailroom)
    case .rooms: rooms.expired(connection, at: now, &mailroom)
    case .emotion: emotion.expired(connection, at: now, &mailroom)
    }
  }

  mutating func closed(
    _ kind: FamilyKind, _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) {
    switch kind {
    case .none: break
    case .echo: echo.closed(connection, at: now, &mailroom)
    case .steps: steps.closed(connection, at: now, &mailroom)
    case .rooms: rooms.closed(connection, at: now, &mailroom)
    case .emotion: emotion.closed(connection, at: now, &mailroom)
    }
  }
}
