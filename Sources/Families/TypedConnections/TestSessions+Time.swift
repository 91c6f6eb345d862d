public import Delivery
import Memory

/// What happens by itself: ticks, the end of the time, and of what is kept.
extension TestSessions {
  /// Participants, or records of theirs, that one call deals with.
  static var stepsPerCall: Int { 64 }
  /// Milliseconds until it is tried again what the journal has no room for.
  static var pause: UInt64 { 50 }
  /// Milliseconds that a recorded end may be off before it is recorded anew: the clock was set.
  static var drift: UInt64 { 5000 }

  /// Milliseconds since 1970 UTC, never before what a record tells.
  func time(_ now: Moment) -> UInt64 { max(now.wall, newestTime) }

  public mutating func woke(at now: Moment, _ mailroom: inout Mailroom) {
    guard now.monotonic >= wake else { return }
    wake = .max
    var steps = TestSessions.stepsPerCall
    for session in 0..<tables.sessions.endIndex where tables.sessions.contains(session) {
      if tables.sessions[session].due <= now.monotonic {
        attend(to: session, now, &steps, &mailroom)
      }
      if tables.sessions.contains(session) { wake = min(wake, tables.sessions[session].due) }
    }
  }

  private mutating func attend(
    to session: Int, _ now: Moment, _ steps: inout Int, _ mailroom: inout Mailroom
  ) {
    if tables.sessions[session].isGone {
      return clear(session, now, &steps, &mailroom.journal)
    }
    endIfDue(session, now)
    switch tables.sessions[session].state {
    case .waiting: break
    case .running:
      if tables.sessions[session].nextTick <= now.monotonic { tick(session, now, &mailroom) }
    case .submitted:
      if tables.sessions[session].connections == 0, tables.sessions[session].end <= now.monotonic {
        return forget(session, now, &mailroom.journal)
      }
    }
    if tables.sessions[session].workAt <= now.monotonic { goOn(session, now, &steps, &mailroom) }
  }

  private mutating func tick(_ session: Int, _ now: Moment, _ mailroom: inout Mailroom) {
    shareTime(of: session, now, &mailroom)
    let late = now.monotonic - tables.sessions[session].nextTick
    tables.sessions[session].nextTick = now.monotonic + timerInterval - late % timerInterval
    guard let left = tables.sessions[session].remaining(at: now) else { return }
    let (end, recorded) = (time(now) + left, tables.sessions[session].wallEnd)
    guard max(end, recorded) - min(end, recorded) > TestSessions.drift else { return }
    tables.sessions[session].wallEnd = end
    tables.sessions[session].isUnwritten = true
    work(session, at: now.monotonic)
  }

  /// Ends a session whose time is over: from now on nothing is taken, and who is to be told of it
  /// is told when that is recorded.
  mutating func endIfDue(_ session: Int, _ now: Moment) {
    guard tables.sessions[session].state == .running,
      tables.sessions[session].end <= now.monotonic
    else { return }
    tables.sessions[session].state = .submitted
    tables.sessions[session].wallEnd = time(now)
    tables.sessions[session].end = now.monotonic + keep
    tables.sessions[session].isUnwritten = true
    tables.sessions[session].tellsOthers = true
    tellAgain(session, at: now.monotonic)
  }

  // MARK: Work

  /// Looks again, at some time, for participants who are to be told that the time is over.
  mutating func tellAgain(_ session: Int, at time: UInt64) {
    tables.sessions[session].telling = tables.sessions[session].firstParticipant
    work(session, at: time)
  }

  private mutating func goOn(
    _ session: Int, _ now: Moment, _ steps: inout Int, _ mailroom: inout Mailroom
  ) {
    tables.sessions[session].workAt = .max
    guard writeIfOld(session, now, &mailroom.journal) else {
      return work(session, at: now.monotonic + TestSessions.pause)
    }
    if tables.sessions[session].tellsOthers {
      tables.sessions[session].tellsOthers = false
      shareTime(of: session, now, &mailroom)
      tellOthers(session, now, &mailroom)
    }
    while let participant = tables.sessions[session].telling.place {
      guard steps > 0 else { return work(session, at: now.monotonic) }
      guard mayTell(of: participant, mailroom.journal) else {
        return work(session, at: now.monotonic + TestSessions.pause)
      }
      steps -= 1
      tables.sessions[session].telling = tables.participants[participant].behind
      tell(participant, now, &mailroom)
    }
    while let participant = tables.sessions[session].writing.place {
      guard steps > 0 else { return work(session, at: now.monotonic) }
      guard mayWrite(mailroom.journal) else {
        return work(session, at: now.monotonic + TestSessions.pause)
      }
      steps -= 1
      tables.sessions[session].writing = tables.participants[participant].behind
      if tables.participants[participant].key == 0 {
        write(participant: participant, &mailroom.journal)
      }
    }
  }

  private mutating func tellOthers(
    _ session: Int, _ now: Moment, _ mailroom: inout Mailroom
  ) {
    var next = tables.sessions[session].firstOther.place
    while let connection = next {
      next = tables.devices[connection].behind.place
      guard tables.devices[connection].isProctor,
        tables.devices[connection].submission == .none
      else { continue }
      tables.devices[connection].submission = .due
      tables.devices[connection].next = tables.sessions[session].firstParticipant
      // Until it is on disk that the time is over; what follows is queued behind.
      mailroom.hold(connection)
      feed(connection, now, &mailroom)
    }
  }

  private mutating func tell(_ participant: Int, _ now: Moment, _ mailroom: inout Mailroom) {
    let isSubmitted = tables.participants[participant].isSubmitted
    var next = tables.participants[participant].firstDevice.place
    while let connection = next {
      next = tables.devices[connection].behind.place
      if tables.devices[connection].submission == .none {
        tables.devices[connection].submission = isSubmitted ? .done : .due
      }
      feed(connection, now, &mailroom)
    }
  }

  // MARK: Going

  /// Ends the keeping of a session that nobody is in.
  private mutating func forget(_ session: Int, _ now: Moment, _ journal: inout Journal) {
    guard journal.hasRoom(for: 1, bytes: 0) else {
      tables.sessions[session].end = now.monotonic + TestSessions.pause
      return
    }
    journal.remove(key: tables.sessions[session].key)
    tables.retire(session)
    work(session, at: now.monotonic)
  }

  /// Frees what belongs to a session that is gone, piece by piece, and at last the session.
  private mutating func clear(
    _ session: Int, _ now: Moment, _ steps: inout Int, _ journal: inout Journal
  ) {
    tables.sessions[session].workAt = .max
    while let participant = tables.sessions[session].firstParticipant.place {
      guard steps > 0 else { return work(session, at: now.monotonic) }
      guard journal.hasRoom(for: 1, bytes: 0) else {
        return work(session, at: now.monotonic + TestSessions.pause)
      }
      steps -= 1
      if let answer = tables.participants[participant].firstAnswer.place {
        journal.remove(key: tables.answers[answer].key)
        tables.removeFirstAnswer(of: participant)
      } else {
        let key = tables.participants[participant].key
        if key > 0 { journal.remove(key: key) }
        tables.removeParticipant(participant)
      }
    }
    tables.free(session)
  }
}
