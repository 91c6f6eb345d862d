public import Delivery
import Memory
public import WebSocket

/// What clients ask.
extension TestSessions {
  @inline(never)
  public mutating func received(
    _ opcode: Opcode, _ payload: RawSpan, from connection: Int, at now: Moment,
    _ mailroom: inout Mailroom
  ) -> FamilyStep {
    guard let session = tables.session(of: connection) else { return .close(.internalError) }
    do throws(TestSessionRefusal) {
      let message = try TestSessionMessage.read(payload)
      guard !tables.sessions[session].isGone else { throw .gone }
      endIfDue(session, now)
      try receive(message, payload, connection, session, now, &mailroom)
    } catch {
      mailroom.draft.typedError(error.text, at: now)
      mailroom.sendDraft(to: connection)
    }
    return .stay
  }

  public mutating func refused(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    mailroom.draft.typedError(TestSessionRefusal.tooFast.text, at: now)
    mailroom.sendDraft(to: connection)
  }

  private mutating func receive(
    _ message: TestSessionMessage, _ payload: RawSpan, _ connection: Int, _ session: Int,
    _ now: Moment, _ mailroom: inout Mailroom
  ) throws(TestSessionRefusal) {
    switch message.action {
    case .ping:
      mailroom.draft.typedPong(at: now)
      mailroom.sendDraft(to: connection)
    case .pong: break
    case .status: sendStatus("session_status", to: connection, now, &mailroom)
    case .start: try start(session, connection, now, &mailroom)
    case .answer: try take(message, payload, connection, now, &mailroom)
    case .submit: try submit(connection, now, &mailroom)
    case .unknown: throw .unknownType
    }
  }

  // MARK: Status

  /// Tells one connection how its session stands.
  mutating func sendStatus(
    _ type: StaticString, to connection: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) {
    guard let session = tables.session(of: connection) else { return }
    let device = tables.devices[connection]
    var answered: UInt32 = device.isProctor ? tables.sessions[session].answers : 0
    var isIn: Bool?
    if let participant = device.participant.place {
      answered = tables.participants[participant].answers
      isIn =
        tables.sessions[session].state == .submitted || tables.participants[participant].isSubmitted
      // Who hears of it does not submit again: it has to outlive the process.
      if tables.participants[participant].isSubmitted { mailroom.hold(connection) }
    }
    mailroom.draft.sessionStatus(
      type, tables.sessions[session], answered: answered, submitted: isIn, at: now)
    mailroom.sendDraft(to: connection)
  }

  // MARK: Starting

  private mutating func start(
    _ session: Int, _ connection: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) throws(TestSessionRefusal) {
    guard tables.devices[connection].isProctor else { throw .notAProctor }
    switch tables.sessions[session].state {
    case .waiting: break
    case .running: throw .alreadyRunning
    case .submitted: throw .submitted
    }
    guard !tables.sessions[session].isPlaceholder else { throw .notMade }
    run(session, except: nil, now, &mailroom)
  }

  /// Starts a session whose first participant is there, if that is its way.
  mutating func startItself(
    _ session: Int, except connection: Int?, _ now: Moment, _ mailroom: inout Mailroom
  ) {
    guard tables.sessions[session].state == .waiting, tables.sessions[session].startsItself else {
      return
    }
    var next = tables.sessions[session].firstParticipant.place
    while let participant = next {
      if tables.participants[participant].firstDevice.place != nil {
        return run(session, except: connection, now, &mailroom)
      }
      next = tables.participants[participant].behind.place
    }
  }

  /// Lets the time of a session run, and tells all who are in it but one.
  private mutating func run(
    _ session: Int, except: Int?, _ now: Moment, _ mailroom: inout Mailroom
  ) {
    let duration = tables.sessions[session].duration
    tables.sessions[session].state = .running
    tables.sessions[session].end = now.monotonic + duration
    tables.sessions[session].wallEnd = time(now) + duration
    tables.sessions[session].nextTick = now.monotonic + timerInterval
    tables.sessions[session].isUnwritten = true
    wake = min(wake, tables.sessions[session].due)
    if !writeIfOld(session, now, &mailroom.journal) { work(session, at: now.monotonic) }
    shareStart(of: session, submitted: nil, now, &mailroom)
    var (next, isToOthers) = (tables.firstConnection(of: session), true)
    while let connection = next {
      if isToOthers, tables.devices[connection].participant.place != nil {
        isToOthers = false
        shareStart(of: session, submitted: false, now, &mailroom)
      }
      if connection != except { mailroom.sendShared(to: connection) }
      next = tables.connection(behind: connection)
    }
  }

  private func shareStart(
    of session: Int, submitted: Bool?, _ now: Moment, _ mailroom: inout Mailroom
  ) {
    mailroom.draft.sessionStatus(
      "session_status", tables.sessions[session], answered: 0, submitted: submitted, at: now)
    mailroom.shareDraft()
  }
}
