#if Admin
import Delivery
import Memory

/// The pools that management and metrics show.
enum PoolKind: CaseIterable {
  case connections, users, readSlots, writeSlots, deflateMemory, stepSessions
  case rooms, roomMemberships, roomHistory, emotions
  case typedRooms, typedMemberships, userEvents, notifications
  case testSessions, testParticipants, testAnswers

  var name: StaticString {
    switch self {
    case .connections: "connections"
    case .users: "users"
    case .readSlots: "read_slots"
    case .writeSlots: "write_slots"
    case .deflateMemory: "deflate_bytes"
    case .stepSessions: "step_sessions"
    case .rooms: "rooms"
    case .roomMemberships: "room_memberships"
    case .roomHistory: "room_history_bytes"
    case .emotions: "emotions"
    case .typedRooms: "typed_rooms"
    case .typedMemberships: "typed_room_memberships"
    case .userEvents: "user_events"
    case .notifications: "notifications"
    case .testSessions: "test_sessions"
    case .testParticipants: "test_participants"
    case .testAnswers: "test_answers_bytes"
    }
  }
}

/// How full a pool is, in the unit of its name.
struct PoolUse {
  let size: Int
  let inUse: Int
  /// The most that was in use since the start.
  let peak: Int
}

extension Gateway where Link: ~Copyable {
  func use(of pool: PoolKind) -> PoolUse {
    switch pool {
    case .connections:
      PoolUse(size: limits.places, inUse: connectionCount, peak: metrics.connectionPeak)
    case .users:
      PoolUse(
        size: mailroom.users.capacity, inUse: mailroom.users.count, peak: mailroom.users.peak)
    case .readSlots: Gateway.use(of: readPool)
    case .writeSlots: Gateway.use(of: mailroom.outboxes.pool)
    case .deflateMemory:
      PoolUse(
        size: mailroom.deflation.memorySize, inUse: mailroom.deflation.memoryUsed,
        peak: mailroom.deflation.memoryPeak)
    case .stepSessions:
      PoolUse(
        size: families.steps.sessionCapacity, inUse: families.steps.sessionCount,
        peak: families.steps.sessionPeak)
    case .rooms:
      PoolUse(
        size: families.rooms.roomCapacity, inUse: families.rooms.roomCount,
        peak: families.rooms.roomPeak)
    case .roomMemberships:
      PoolUse(
        size: families.rooms.membershipCapacity, inUse: families.rooms.membershipCount,
        peak: families.rooms.membershipPeak)
    case .roomHistory:
      PoolUse(
        size: families.rooms.historyCapacity, inUse: families.rooms.historyInUse,
        peak: families.rooms.historyPeak)
    case .emotions:
      PoolUse(
        size: families.emotion.knownCapacity, inUse: families.emotion.knownCount,
        peak: families.emotion.knownPeak)
    case .typedRooms:
      PoolUse(
        size: families.talks.roomCapacity, inUse: families.talks.roomCount,
        peak: families.talks.roomPeak)
    case .typedMemberships:
      PoolUse(
        size: families.talks.membershipCapacity, inUse: families.talks.membershipCount,
        peak: families.talks.membershipPeak)
    case .userEvents:
      PoolUse(
        size: families.events.heldCapacity, inUse: families.events.heldCount,
        peak: families.events.heldPeak)
    case .notifications:
      PoolUse(
        size: families.notifications.heldCapacity, inUse: families.notifications.heldCount,
        peak: families.notifications.heldPeak)
    case .testSessions:
      PoolUse(
        size: families.testSessions.sessionCapacity, inUse: families.testSessions.sessionCount,
        peak: families.testSessions.sessionPeak)
    case .testParticipants:
      PoolUse(
        size: families.testSessions.participantCapacity,
        inUse: families.testSessions.participantCount,
        peak: families.testSessions.participantPeak)
    case .testAnswers:
      PoolUse(
        size: families.testSessions.answersCapacity, inUse: families.testSessions.answersInUse,
        peak: families.testSessions.answersPeak)
    }
  }

  private static func use(of pool: borrowing SlotPool) -> PoolUse {
    PoolUse(size: pool.capacity, inUse: pool.capacity - pool.available, peak: pool.peak)
  }
}
#endif
