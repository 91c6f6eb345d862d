public import Delivery
import JSON
public import Memory

/// What HTTP asks for; the gateway knows who may.
extension TestSessions {
  /// The session of an id, if anybody has made it.
  public func find(_ id: RawSpan) -> Int? {
    guard let session = tables.find(id), !tables.sessions[session].isPlaceholder else {
      return nil
    }
    return session
  }

  /// Makes a session, or changes one that waits. What is told of it then has to be held.
  ///
  /// - Parameters:
  ///   - body: `{"duration_seconds":n,"autostart":bool}`.
  ///   - id: as identifiers go.
  /// - Returns: whether it is new.
  public mutating func create(
    _ body: RawSpan, id: ShortText, at now: Moment, _ mailroom: inout Mailroom
  ) throws(TestSessionError) -> Bool {
    let order = try TestSessionOrder.read(body)
    let known = tables.find(id.bytes)
    if let known {
      endIfDue(known, now)
      switch tables.sessions[known].state {
      case .waiting: break
      case .running: throw .running
      case .submitted: throw .submitted
      }
    }
    guard known != nil || !tables.sessions.isFull else { throw .tooManySessions }
    guard mayWrite(mailroom.journal) else { throw .busy }
    let session = known ?? tables.makeSession(id)
    let isNew = tables.sessions[session].isPlaceholder
    if isNew {
      tables.settle(session, key: mailroom.journal.newKey())
      // Those who are there already.
      tables.sessions[session].writing = tables.sessions[session].firstParticipant
      if tables.sessions[session].writing.place != nil { work(session, at: now.monotonic) }
    }
    tables.sessions[session].duration = order.duration
    tables.sessions[session].startsItself = order.startsItself
    newestTime = time(now)
    write(session: session, &mailroom.journal)
    startItself(session, except: nil, now, &mailroom)
    return isNew
  }

  /// Deletes a session: its connections, which `firstConnection` and `connection(behind:)` still
  /// give, are to be closed.
  public mutating func remove(
    _ session: Int, at now: Moment, _ mailroom: inout Mailroom
  ) throws(TestSessionError) {
    guard mailroom.journal.hasRoom(for: 1, bytes: 0) else { throw .busy }
    mailroom.journal.remove(key: tables.sessions[session].key)
    tables.retire(session)
    work(session, at: now.monotonic)
  }

  public func firstConnection(of session: Int) -> Int? { tables.firstConnection(of: session) }

  public func connection(behind connection: Int) -> Int? {
    tables.connection(behind: connection)
  }

  /// The session of a connection, nil for one of another family.
  public func session(of connection: Int) -> Int? { tables.session(of: connection) }

  public func id(of session: Int) -> ShortText { tables.sessions[session].id }

  // MARK: Answers

  /// Writes how a session stands, as one object.
  public mutating func writeStatus(
    of session: Int, at now: Moment, to writer: inout ByteWriter
  ) {
    endIfDue(session, now)
    writer.beginObject()
    writer.sessionState(
      tables.sessions[session], answered: tables.sessions[session].answers, at: now)
    writer.member("autostart", tables.sessions[session].startsItself)
    writer.endTyped(at: now)
  }

  /// Where the telling of a session begins.
  public func cursor(of session: Int) -> TestSessionCursor {
    TestSessionCursor(session: session, serial: tables.sessions[session].serial)
  }

  /// Begins the object that tells all of a session; what follows, `writePiece` writes.
  ///
  /// - Returns: false, with nothing written, when it was deleted meanwhile.
  public mutating func writeHead(
    _ cursor: TestSessionCursor, at now: Moment, to writer: inout ByteWriter
  ) -> Bool {
    guard isThere(cursor) else { return false }
    let session = cursor.session
    endIfDue(session, now)
    writer.beginObject()
    writer.member("session_id", tables.sessions[session].id.bytes)
    writer.member("state", tables.sessions[session].state.name)
    writer.sessionTimes(tables.sessions[session], at: now)
    writer.member("autostart", tables.sessions[session].startsItself)
    writer.name("participants")
    writer.beginArray()
    return true
  }

  private func isThere(_ cursor: TestSessionCursor) -> Bool {
    tables.sessions.contains(cursor.session)
      && tables.sessions[cursor.session].serial == cursor.serial
      && !tables.sessions[cursor.session].isGone
  }

  /// Writes the next participant's names, or answer, or what closes the object.
  public func writePiece(
    _ cursor: inout TestSessionCursor, to writer: inout ByteWriter
  ) -> TestSessionPiece {
    guard isThere(cursor) else { return .gone }
    guard let participant = cursor.participant.place else {
      return begin(tables.sessions[cursor.session].firstParticipant, &cursor, &writer)
    }
    let next = cursor.answer.place.map { tables.answers[$0].behind }
    if let answer = (next ?? tables.participants[participant].firstAnswer).place {
      if cursor.answer.place != nil { writer.append(UInt8(ascii: ",")) }
      writer.answer(tables.answers[answer], in: tables.pool)
      cursor.answer = Spot(answer)
      return .more
    }
    writer.endObject()
    writer.endObject()
    return begin(tables.participants[participant].behind, &cursor, &writer)
  }

  private func begin(
    _ spot: Spot, _ cursor: inout TestSessionCursor, _ writer: inout ByteWriter
  ) -> TestSessionPiece {
    guard let participant = spot.place else {
      writer.endArray()
      writer.endObject()
      return .last
    }
    if cursor.participant.place != nil { writer.append(UInt8(ascii: ",")) }
    cursor.participant = spot
    cursor.answer = .none
    writer.beginObject()
    writer.member("user_id", tables.participants[participant].user.bytes)
    writer.member("username", tables.participants[participant].name.bytes)
    let isOver = tables.sessions[cursor.session].state == .submitted
    writer.member("submitted", isOver || tables.participants[participant].isSubmitted)
    writer.name("answers")
    writer.beginObject()
    return .more
  }
}
