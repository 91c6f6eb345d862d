import Delivery
import Memory
import WebSocket

/// One switch a call: which family a connection's events go to.
extension Families {
  static func isBuiltIn(_ kind: FamilyKind) -> Bool {
    switch kind {
    case .none: false
    case .echo: EchoFamily.isBuiltIn
    case .steps: StepFamily.isBuiltIn
    case .rooms: RoomFamily.isBuiltIn
    case .emotion: EmotionFamily.isBuiltIn
    case .events: EventFamily.isBuiltIn
    case .general, .chat: TypedRoomFamily.isBuiltIn
    case .notifications: NotificationFamily.isBuiltIn
    case .testSession: TestSessionFamily.isBuiltIn
    }
  }

  func hasRoom(_ kind: FamilyKind) -> Bool {
    switch kind {
    case .none: false
    case .echo: echo.hasRoom
    case .steps: steps.hasRoom
    case .rooms: rooms.hasRoom
    case .emotion: emotion.hasRoom
    case .events: events.hasRoom
    case .general, .chat: talks.hasRoom
    case .notifications: notifications.hasRoom
    case .testSession: testSessions.hasRoom
    }
  }

  @_optimize(speed)
  func takesBinary(_ kind: FamilyKind) -> Bool {
    switch kind {
    case .none: false
    case .echo: echo.takesBinary
    case .steps: steps.takesBinary
    case .rooms: rooms.takesBinary
    case .emotion: emotion.takesBinary
    case .events: events.takesBinary
    case .general, .chat: talks.takesBinary
    case .notifications: notifications.takesBinary
    case .testSession: testSessions.takesBinary
    }
  }

  @_optimize(speed)
  static func onlyAnswers(_ kind: FamilyKind) -> Bool {
    switch kind {
    case .echo: EchoFamily.onlyAnswers
    case .steps: StepFamily.onlyAnswers
    case .none, .rooms, .emotion, .events, .general, .chat, .notifications, .testSession: false
    }
  }

  @_optimize(speed)
  func refusesExcess(_ kind: FamilyKind) -> Bool {
    switch kind {
    case .none: true
    case .echo: echo.refusesExcess
    case .steps: steps.refusesExcess
    case .rooms: rooms.refusesExcess
    case .emotion: emotion.refusesExcess
    case .events: events.refusesExcess
    case .general, .chat: talks.refusesExcess
    case .notifications: notifications.refusesExcess
    case .testSession: testSessions.refusesExcess
    }
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
    case .events: events.opened(connection, opening, at: now, &mailroom)
    case .general, .chat: talks.opened(connection, opening, at: now, &mailroom)
    case .notifications: notifications.opened(connection, opening, at: now, &mailroom)
    case .testSession: testSessions.opened(connection, opening, at: now, &mailroom)
    }
  }

  @inline(__always)
  mutating func received(
    _ kind: FamilyKind, _ opcode: Opcode, _ payload: RawSpan, from connection: Int,
    at now: Moment, _ mailroom: inout Mailroom
  ) -> FamilyStep {
    switch kind {
    case .none: .stay
    case .echo:
      echo.received(opcode, payload, from: connection, at: now, &mailroom)
    case .steps:
      steps.received(opcode, payload, from: connection, at: now, &mailroom)
    case .rooms:
      rooms.received(opcode, payload, from: connection, at: now, &mailroom)
    case .emotion:
      emotion.received(opcode, payload, from: connection, at: now, &mailroom)
    case .events:
      events.received(opcode, payload, from: connection, at: now, &mailroom)
    case .general, .chat:
      talks.received(opcode, payload, from: connection, at: now, &mailroom)
    case .notifications:
      notifications.received(opcode, payload, from: connection, at: now, &mailroom)
    case .testSession:
      testSessions.received(opcode, payload, from: connection, at: now, &mailroom)
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
    case .events: events.refused(connection, at: now, &mailroom)
    case .general, .chat: talks.refused(connection, at: now, &mailroom)
    case .notifications: notifications.refused(connection, at: now, &mailroom)
    case .testSession: testSessions.refused(connection, at: now, &mailroom)
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
    case .events: events.resumed(connection, at: now, &mailroom)
    case .general, .chat: talks.resumed(connection, at: now, &mailroom)
    case .notifications: notifications.resumed(connection, at: now, &mailroom)
    case .testSession: testSessions.resumed(connection, at: now, &mailroom)
    }
  }

  @_optimize(speed)
  func deadline(_ kind: FamilyKind, of connection: Int) -> UInt64? {
    switch kind {
    case .none: nil
    case .echo: echo.deadline(of: connection)
    case .steps: steps.deadline(of: connection)
    case .rooms: rooms.deadline(of: connection)
    case .emotion: emotion.deadline(of: connection)
    case .events: events.deadline(of: connection)
    case .general, .chat: talks.deadline(of: connection)
    case .notifications: notifications.deadline(of: connection)
    case .testSession: testSessions.deadline(of: connection)
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
    case .events: events.expired(connection, at: now, &mailroom)
    case .general, .chat: talks.expired(connection, at: now, &mailroom)
    case .notifications: notifications.expired(connection, at: now, &mailroom)
    case .testSession: testSessions.expired(connection, at: now, &mailroom)
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
    case .events: events.closed(connection, at: now, &mailroom)
    case .general, .chat: talks.closed(connection, at: now, &mailroom)
    case .notifications: notifications.closed(connection, at: now, &mailroom)
    case .testSession: testSessions.closed(connection, at: now, &mailroom)
    }
  }

  mutating func rewrite(
    _ kind: FamilyKind, from place: Int, _ journal: inout Journal
  ) -> Int? {
    switch kind {
    case .none, .chat: nil  // chat is general's
    case .echo: echo.rewrite(from: place, &journal)
    case .steps: steps.rewrite(from: place, &journal)
    case .rooms: rooms.rewrite(from: place, &journal)
    case .emotion: emotion.rewrite(from: place, &journal)
    case .events: events.rewrite(from: place, &journal)
    case .general: talks.rewrite(from: place, &journal)
    case .notifications: notifications.rewrite(from: place, &journal)
    case .testSession: testSessions.rewrite(from: place, &journal)
    }
  }

  /// Hands a record to the family that has put it down.
  mutating func restore(
    _ kind: RecordKind, key: UInt64, _ body: RawSpan, at now: Moment, _ mailroom: inout Mailroom
  ) -> Bool {
    switch kind {
    case .meta: false
    case .emotion: emotion.restore(kind, key: key, body, at: now, &mailroom)
    case .event, .eventUser: events.restore(kind, key: key, body, at: now, &mailroom)
    case .notification: notifications.restore(kind, key: key, body, at: now, &mailroom)
    case .testSession, .participant, .answer:
      testSessions.restore(kind, key: key, body, at: now, &mailroom)
    }
  }

  /// Whether the family whose records these are is built in.
  static func keeps(_ kind: RecordKind) -> Bool {
    switch kind {
    case .meta: true
    case .emotion: isBuiltIn(.emotion)
    case .event, .eventUser: isBuiltIn(.events)
    case .notification: isBuiltIn(.notifications)
    case .testSession, .participant, .answer: isBuiltIn(.testSession)
    }
  }

  // MARK: All of them

  mutating func touch() {
    echo.touch()
    steps.touch()
    rooms.touch()
    emotion.touch()
    events.touch()
    talks.touch()
    notifications.touch()
    testSessions.touch()
  }

  /// When one of them has to be woken.
  var wakeUp: UInt64? {
    mutating get {
      var first = UInt64.max
      first = min(first, echo.wakeUp ?? .max)
      first = min(first, steps.wakeUp ?? .max)
      first = min(first, rooms.wakeUp ?? .max)
      first = min(first, emotion.wakeUp ?? .max)
      first = min(first, events.wakeUp ?? .max)
      first = min(first, talks.wakeUp ?? .max)
      first = min(first, notifications.wakeUp ?? .max)
      first = min(first, testSessions.wakeUp ?? .max)
      return first == .max ? nil : first
    }
  }

  @_optimize(speed)
  mutating func woke(at now: Moment, _ mailroom: inout Mailroom) {
    if let due = echo.wakeUp, due <= now.monotonic { echo.woke(at: now, &mailroom) }
    if let due = steps.wakeUp, due <= now.monotonic { steps.woke(at: now, &mailroom) }
    if let due = rooms.wakeUp, due <= now.monotonic { rooms.woke(at: now, &mailroom) }
    if let due = emotion.wakeUp, due <= now.monotonic { emotion.woke(at: now, &mailroom) }
    if let due = events.wakeUp, due <= now.monotonic { events.woke(at: now, &mailroom) }
    if let due = talks.wakeUp, due <= now.monotonic { talks.woke(at: now, &mailroom) }
    if let due = notifications.wakeUp, due <= now.monotonic {
      notifications.woke(at: now, &mailroom)
    }
    if let due = testSessions.wakeUp, due <= now.monotonic { testSessions.woke(at: now, &mailroom) }
  }

  /// Puts down what otherwise waits for its time, as much as the journal has room for.
  ///
  /// - Returns: whether that was all.
  mutating func putDownRest(at now: Moment, _ mailroom: inout Mailroom) -> Bool {
    if emotion.wakeUp != nil { emotion.woke(at: now, &mailroom) }
    return emotion.wakeUp == nil
  }
}
