import Delivery
import Memory

extension Limits {
  /// Bytes of the longest answer that a family makes of its own.
  var longestReply: Int {
    var longest = 0
    #if EmotionSync
    longest = max(longest, EmotionSync.longestAnswer(allowed: emotionsAllowed.count))
    #endif
    #if TypedConnections
    longest = max(longest, TypedRooms.longestAnswer(messageMaximum: messageMaximum))
    #endif
    return longest
  }

  /// Bytes of the longest list of the names in a room.
  var longestList: Int {
    #if Rooms
    Rooms.longestAnswer(membersPerRoom: roomMembers, messageMaximum: messageMaximum)
    #else
    0
    #endif
  }

  /// Bytes of the longest message with all answers of a participant.
  var longestAnswers: Int {
    #if TypedConnections
    TestSessions.longestAnswer(participantSize: testParticipantSize)
    #else
    0
    #endif
  }

  /// Bytes of the longest event or notification.
  var longestPublished: Int {
    var longest = bodyMaximum
    #if UserEvents
    longest = max(longest, UserEvents.longestMessage(body: bodyMaximum))
    #endif
    #if TypedConnections
    longest = max(longest, Notifications.longestMessage(body: bodyMaximum))
    #endif
    return longest
  }
}

extension Limits {
  /// Bytes of the longest piece of a test session that is told over HTTP.
  var longestSessionPiece: Int {
    #if TypedConnections
    TestSessions.longestPiece(participantSize: testParticipantSize)
    #else
    0
    #endif
  }

  /// Bytes of the longest body of a record: names beside what a client or a backend says.
  var recordSize: Int {
    var longest = max(bodyMaximum, messageMaximum) + 512
    #if UserEvents
    longest = max(longest, UserEvents.longestRecord(body: bodyMaximum))
    #endif
    #if TypedConnections
    longest = max(
      longest, Notifications.longestRecord(body: bodyMaximum),
      TestSessions.longestRecord(participantSize: testParticipantSize))
    #endif
    return longest
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
    #if UserEvents
    rows.append(
      MemoryPlan.Row(
        name: "user events", count: 1,
        size: UserEvents.byteCount(
          connections: limits.places, users: limits.queueUsers, size: limits.queueSize),
        holders: "events that wait for users, or for who comes back"))
    #endif
    #if TypedConnections
    rows.append(
      MemoryPlan.Row(
        name: "talks", count: 1,
        size: TypedRooms.byteCount(
          connections: limits.places, rooms: limits.rooms, membersPerRoom: limits.roomMembers,
          roomsPerConnection: limits.roomsPerConnection),
        holders: "general and chat rooms, and who is in them"))
    rows.append(
      MemoryPlan.Row(
        name: "notifications", count: 1,
        size: Notifications.byteCount(
          connections: limits.places, users: limits.queueUsers, size: limits.queueSize),
        holders: "notifications that were not read"))
    rows.append(
      MemoryPlan.Row(
        name: "test sessions", count: 1,
        size: TestSessions.byteCount(
          connections: limits.places, sessions: limits.testSessions,
          participants: limits.testParticipants, answersSize: limits.testAnswersSize),
        holders: "sessions, who takes part, and the answers"))
    #endif
    return rows
  }
}
