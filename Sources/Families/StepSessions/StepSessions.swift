public import Delivery
import JSON
import Memory
import StepDetection
public import WebSocket

/// Step sessions (PROTOCOL.md, section 4): accelerometer samples in, steps out.
///
/// A message is read whole before it changes anything; one that is refused changes no count.
public struct StepSessions: Family, ~Copyable {
  var sessions: Slab<StepSession>
  /// Per connection: the place of its session, or `none`.
  var places: FixedArray<UInt32>
  /// Messages in all sessions since the start.
  private var totalRequests: UInt64 = 0
  /// Milliseconds.
  private let idleTimeout: UInt64

  private static var none: UInt32 { .max }

  public static var isBuiltIn: Bool { true }
  public var takesBinary: Bool { true }
  public static var onlyAnswers: Bool { true }
  public var hasRoom: Bool { !sessions.isFull }

  /// Bytes of one session.
  public static var bytesPerSession: Int {
    MemoryLayout<StepSession>.stride + 2 * MemoryLayout<UInt32>.stride
  }

  /// - Parameters:
  ///   - connections: places that connections may have.
  ///   - sessions: at once, at least 1.
  ///   - idleTimeout: milliseconds without a message after which a session ends.
  public init(connections: Int, sessions: Int, idleTimeout: UInt64) {
    self.sessions = Slab(capacity: sessions)
    places = FixedArray(repeating: StepSessions.none, count: connections)
    self.idleTimeout = idleTimeout
  }

  // MARK: Coming and going

  public mutating func opened(
    _ connection: Int, _ opening: Opening, at now: Moment, _ mailroom: inout Mailroom
  ) {
    let session = StepSession(id: SessionID(seed: opening.seed), at: now)
    guard let place = sessions.insert(session) else { return }
    places[connection] = UInt32(place)
    mailroom.draft.sessionStarted(session, at: now)
    mailroom.sendDraft(to: connection)
  }

  public mutating func refused(
    _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) {
    guard let place = place(of: connection) else { return }
    mailroom.draft.refusal(.rateLimited, sessions[place])
    mailroom.sendDraft(to: connection)
  }

  public mutating func closed(
    _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) {
    guard let place = place(of: connection) else { return }
    sessions.remove(at: place)
    places[connection] = StepSessions.none
  }

  public mutating func touch() { sessions.touch() }

  func place(of connection: Int) -> Int? {
    places[connection] == StepSessions.none ? nil : Int(places[connection])
  }

  public func deadline(of connection: Int) -> UInt64? {
    guard let place = place(of: connection) else { return nil }
    return sessions[place].lastMessage + idleTimeout
  }

  public mutating func expired(
    _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) -> FamilyStep {
    mailroom.draft.timeoutResponse(after: idleTimeout, at: now)
    mailroom.sendDraft(to: connection)
    return .close(.goingAway)
  }

  // MARK: Messages

  @inline(never)
  public mutating func received(
    _ opcode: Opcode, _ payload: RawSpan, from connection: Int, at now: Moment,
    _ mailroom: inout Mailroom
  ) -> FamilyStep {
    guard let place = place(of: connection) else { return .close(.internalError) }
    totalRequests &+= 1
    sessions[place].noteMessage(at: now)
    do throws(StepRefusal) {
      let step =
        opcode == .binary
        ? try receiveBinary(payload, place, now, &mailroom.draft)
        : try receiveText(payload, place, now, &mailroom.draft)
      if mailroom.draft.count > 0 { mailroom.sendDraft(to: connection) }
      if sessions[place].counter.takeGravityReport() {
        mailroom.draft.noGravity(sessions[place])
        mailroom.sendDraft(to: connection)
      }
      return step
    } catch {
      mailroom.draft.removeAll()
      mailroom.draft.refusal(error, sessions[place])
      mailroom.sendDraft(to: connection)
      return .stay
    }
  }

  private mutating func receiveText(
    _ payload: RawSpan, _ place: Int, _ now: Moment, _ draft: inout ByteWriter
  ) throws(StepRefusal) -> FamilyStep {
    var message = StepMessage()
    try message.read(payload)
    if let action = message.action { return try perform(action, message, place, now, &draft) }
    try message.check()
    if let range = message.samples {
      try receive(message, samples: payload.extracting(range), place, now, &draft)
    } else {
      try receive(message, place, now, &draft)
    }
    return .stay
  }

  private mutating func perform(
    _ action: StepAction, _ message: StepMessage, _ place: Int, _ now: Moment,
    _ draft: inout ByteWriter
  ) throws(StepRefusal) -> FamilyStep {
    switch action {
    case .stop:
      draft.stopResponse(sessions[place], at: now)
      return .close(.normal)
    case .reset:
      sessions[place].counter.reset()
      draft.resetResponse(at: now)
    case .stats:
      draft.statsResponse(
        sessions[place], active: sessions.count, total: totalRequests, at: now)
    case .configure:
      try sessions[place].configure(message)
      draft.configureResponse(sessions[place], at: now)
    case .unknown: throw .unknownAction
    }
    return .stay
  }

  private mutating func receive(
    _ message: StepMessage, _ place: Int, _ now: Moment, _ draft: inout ByteWriter
  ) throws(StepRefusal) {
    try StepSessions.receive(message, &sessions[place], now, &draft)
  }

  private static func receive(
    _ message: StepMessage, _ session: inout StepSession, _ now: Moment, _ draft: inout ByteWriter
  ) throws(StepRefusal) {
    let needed = session.hasGyro ? SensorSample.all : SensorSample.acceleration
    guard message.sample.present & needed == needed else { throw .missingFields }
    session.receive(samples: 1, at: now)
    let decision = session.feed(message.sample, timestamp: message.timestamp)
    if session.repliesEvery || decision.isStepStart {
      draft.stepDetection(decision, &session, at: now)
    }
  }

  private mutating func receive(
    _ message: StepMessage, samples: RawSpan, _ place: Int, _ now: Moment,
    _ draft: inout ByteWriter
  ) throws(StepRefusal) {
    if let rate = message.rate, !SampleRate.isUsable(rate) { throw .invalidSetting(.rate) }
    let hasGyro = sessions[place].hasGyro
    var check = try StepBatch(samples, hasGyro: hasGyro)
    var size = 0
    while try check.next() != nil { size += 1 }
    sessions[place].receive(samples: size, at: now)
    if message.start == nil, let rate = message.rate {
      _ = sessions[place].counter.configure(rate: rate)
    }
    var batch = try StepBatch(samples, hasGyro: hasGyro)
    try count(&batch, message, place, now, &draft)
  }

  private mutating func receiveBinary(
    _ payload: RawSpan, _ place: Int, _ now: Moment, _ draft: inout ByteWriter
  ) throws(StepRefusal) -> FamilyStep {
    var check = try BinaryBatch(payload)
    var size = 0
    while try check.next() != nil { size += 1 }
    sessions[place].receive(samples: size, at: now)
    var batch = try BinaryBatch(payload)
    try count(&batch, StepMessage(), place, now, &draft)
    return .stay
  }

  /// Counts a batch that was read once already, to see that all of it is good.
  private mutating func count<Batch: SampleSource & ~Escapable>(
    _ batch: inout Batch, _ message: StepMessage, _ place: Int, _ now: Moment,
    _ draft: inout ByteWriter
  ) throws(StepRefusal) {
    draft.beginStepBatch(sessions[place])
    var index = 0
    var found = false
    while let sample = try batch.next() {
      let decision = sessions[place].feed(
        sample, timestamp: message.timestamp(ofSample: index))
      if decision.isStepStart {
        draft.integer(index)
        found = true
      }
      index += 1
    }
    if found || sessions[place].repliesEvery {
      draft.endStepBatch(sessions[place], at: now)
    } else {
      draft.removeAll()
    }
  }
}
