public import Delivery
public import Memory

/// Test sessions (PROTOCOL.md, section 8): some are examined, some watch, and the time is short.
///
/// What was answered has to outlive a crash, so every answer is a record, and who is told that it
/// is saved is told when it is on disk. A device gets the answers of its user's other devices one
/// by one as it takes them; what is answered meanwhile comes in its turn, or at once when it is to
/// a question that the device was told of.
public struct TestSessions: Family, ~Copyable {
  var tables: TestSessionTables
  let answersPerParticipant: Int
  let participantSize: Int
  let timerInterval: UInt64
  let keep: UInt64
  /// When `woke` is to be called, `max` when there is nothing to do.
  var wake = UInt64.max
  /// The latest time, in milliseconds since 1970, that any record tells.
  var newestTime: UInt64 = 0

  public static var isBuiltIn: Bool { true }

  /// - Parameters:
  ///   - connections: are numbered from 0 to this, less one.
  ///   - sessions: of which half may be placeholders, which nobody has made yet.
  ///   - participants: in all sessions.
  ///   - participantSize: bytes of all answers of one participant, as one object.
  ///   - answersSize: bytes for the answers of all.
  ///   - timerInterval: milliseconds between two `timer_update`s.
  ///   - keep: milliseconds for which a submitted session is kept.
  ///   - seed: random, and known to no peer.
  public init(
    connections: Int, sessions: Int, participants: Int, answersPerParticipant: Int,
    participantSize: Int, answersSize: Int, timerInterval: UInt64, keep: UInt64, seed: UInt64
  ) {
    precondition(timerInterval > 0)
    tables = TestSessionTables(
      connections: connections, sessions: sessions, participants: participants,
      answersSize: answersSize, seed: seed)
    self.answersPerParticipant = answersPerParticipant
    self.participantSize = participantSize
    self.timerInterval = timerInterval
    self.keep = keep
  }

  public mutating func touch() { tables.touch() }

  /// Whether a user finds room in a session; one who is in it already always does.
  public func hasRoom(for session: RawSpan, user: ShortText, isProctor: Bool) -> Bool {
    guard let place = tables.find(session) else {
      return !tables.sessions.isFull
        && tables.placeholders < max(1, tables.sessions.capacity / 2)
        && (isProctor || !tables.participants.isFull)
    }
    return isProctor || tables.sessions[place].state == .submitted
      || !tables.participants.isFull || tables.participant(user, in: place) != nil
  }

  // MARK: Coming and going

  public mutating func opened(
    _ connection: Int, _ opening: Opening, at now: Moment, _ mailroom: inout Mailroom
  ) {
    guard let user = mailroom.users.user(of: connection) else { return }
    let (id, name) = (mailroom.users.id(of: user), mailroom.users.name(of: user))
    mailroom.draft.connectionEstablished("test-session", id, stamp: opening.stamp, at: now)
    mailroom.sendDraft(to: connection)
    guard hasRoom(for: opening.subject.bytes, user: id, isProctor: opening.isProctor) else {
      // Whoever opened it did not ask: the peer may come again.
      mailroom.missed.insert(connection)
      return
    }
    let session =
      tables.find(opening.subject.bytes) ?? tables.makeSession(opening.subject)
    endIfDue(session, now)
    let participant = opening.isProctor ? nil : takePart(id, name, session, &mailroom)
    tables.add(connection, to: session, participant, isProctor: opening.isProctor)
    if participant != nil { startItself(session, except: connection, now, &mailroom) }
    prepare(connection)
    sendStatus("test_session_ready", to: connection, now, &mailroom)
    feed(connection, now, &mailroom)
  }

  /// The participant that a user is in a session, nil when it came too late to become one.
  private mutating func takePart(
    _ user: ShortText, _ name: ShortText, _ session: Int, _ mailroom: inout Mailroom
  ) -> Int? {
    if let known = tables.participant(user, in: session) {
      if tables.participants[known].name != name {
        tables.participants[known].name = name
        // A name is not worth a word when there is no room.
        if tables.participants[known].key > 0, mayWrite(mailroom.journal) {
          write(participant: known, &mailroom.journal)
        }
      }
      return known
    }
    guard tables.sessions[session].state != .submitted else { return nil }
    let place = tables.makeParticipant(user, name, in: session)
    if !tables.sessions[session].isPlaceholder {
      if mayWrite(mailroom.journal), tables.sessions[session].writing.place == nil {
        write(participant: place, &mailroom.journal)
      } else if tables.sessions[session].writing.place == nil {
        tables.sessions[session].writing = Spot(place)
        work(session, at: 0)
      }
    }
    return place
  }

  /// Notes what a connection is still to be told of.
  private mutating func prepare(_ connection: Int) {
    let device = tables.devices[connection]
    guard let session = device.session.place else { return }
    let isOver = tables.sessions[session].state == .submitted
    tables.devices[connection].submission = isOver ? .done : .none
    guard let place = device.participant.place, !tables.participants[place].isSubmitted else {
      return
    }
    if !isOver {
      tables.devices[connection].next = tables.participants[place].firstAnswer
    } else if !tables.participants[place].isTold, !isBeingTold(place) {
      tables.devices[connection].submission = .due
    }
  }

  public mutating func closed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    let device = tables.devices[connection]
    guard let session = device.session.place else { return }
    tables.removeDevice(connection)
    reconsider(device, connection, now, &mailroom)
    if tables.sessions[session].isPlaceholder {
      // Nothing is kept of who was in a session that nobody has made.
      if let place = device.participant.place, tables.participants[place].firstDevice.place == nil {
        tables.removeParticipant(place)
      }
      if tables.sessions[session].connections == 0 { tables.free(session) }
    } else if tables.sessions[session].connections == 0 {
      wake = min(wake, tables.sessions[session].due)
    }
  }

  public var wakeUp: UInt64? { wake == .max ? nil : wake }

  /// Goes on with a session's work at a time, or as soon as that.
  mutating func work(_ session: Int, at time: UInt64) {
    tables.sessions[session].workAt = min(tables.sessions[session].workAt, time)
    wake = min(wake, tables.sessions[session].due)
  }
}
