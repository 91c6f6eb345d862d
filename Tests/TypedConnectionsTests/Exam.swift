import Delivery
import Foundation
import Memory
import Testing
import WebSocket

@testable import TypedConnections

/// Sessions with their connections, a clock, and a disk that takes what the journal gathers; what
/// they are sent, parsed by Foundation.
final class Exam {
  /// What the family is made with.
  struct Sizes {
    var connections = 8
    var sessions = 4
    var participants = 8
    var answersEach = 5
    var participantSize = 400
    var answersSize = 4096
    var interval: UInt64 = 1000
    var keep: UInt64 = 60_000
    var places = 60
    var slots = 400
    var batchSize = 65_536
    var isKept = true
  }

  var family: TestSessions
  var mailroom: Mailroom
  let sizes: Sizes
  /// Keys, and the kinds and bodies of their records.
  var disk: [UInt64: (kind: UInt8, body: [UInt8])] = [:]
  private(set) var open: Set<Int> = []
  private(set) var step = FamilyStep.stay
  private var stamp: UInt64 = 0
  var now = Moment(monotonic: 1_000_000, wall: 1_752_143_400_000)

  init(_ sizes: Sizes = Sizes()) {
    self.sizes = sizes
    family = Exam.family(sizes)
    mailroom = Exam.mailroom(sizes)
    if sizes.isKept { mailroom.journal.begin(isFresh: false) }
    family.touch()
  }

  deinit { clear() }

  func clear() {
    for connection in open { mailroom.remove(connection) }
    open = []
    family.removeAll()
  }

  static func family(_ sizes: Sizes) -> TestSessions {
    TestSessions(
      connections: sizes.connections, sessions: sizes.sessions, participants: sizes.participants,
      answersPerParticipant: sizes.answersEach, participantSize: sizes.participantSize,
      answersSize: sizes.answersSize, timerInterval: sizes.interval, keep: sizes.keep, seed: 5)
  }

  static func mailroom(_ sizes: Sizes) -> Mailroom {
    let record = TestSessions.longestRecord(participantSize: sizes.participantSize)
    return Mailroom(
      connections: sizes.connections, places: sizes.places, slots: sizes.slots, slotSize: 256,
      draftSize: TestSessions.longestAnswer(participantSize: sizes.participantSize), seed: 5,
      journal: Journal(batchSize: sizes.batchSize, recordSize: record))
  }

  // MARK: Connections

  func open(
    _ connection: Int, _ id: String, _ session: String = "s", isProctor: Bool = false,
    name: String? = nil
  ) {
    open.insert(connection)
    stamp += 1
    mailroom.users.enter(connection, id: brief(id), name: brief(name ?? id))
    let opening = Opening(
      seed: InlineArray(repeating: 0), subject: brief(session), stamp: stamp, isProctor: isProctor)
    family.opened(connection, opening, at: now, &mailroom)
    mailroom.endSharing()
  }

  func close(_ connection: Int) {
    open.remove(connection)
    family.closed(connection, at: now, &mailroom)
    mailroom.endSharing()
    mailroom.remove(connection)
  }

  func hasRoom(_ session: String, _ user: String) -> Bool {
    family.hasRoom(for: Array(session.utf8).span.raw, user: brief(user), isProctor: false)
  }

  func send(_ text: String, _ connection: Int) {
    step = family.received(.text, Array(text.utf8).span.raw, from: connection, at: now, &mailroom)
    mailroom.endSharing()
  }

  func answer(_ question: String, _ answer: String, _ connection: Int) {
    let members = #""question_id":\#(question),"answer":\#(answer)"#
    send(#"{"type":"answer_update",\#(members)}"#, connection)
  }

  func submit(_ connection: Int) { send(#"{"type":"submit"}"#, connection) }
  func start(_ connection: Int) { send(#"{"type":"start_session"}"#, connection) }
  func ask(_ connection: Int) { send(#"{"type":"get_session_status"}"#, connection) }

  /// The proctor of a session that runs, with what it was sent so far taken away.
  func run(_ session: String = "s", seconds: Int = 60, proctor: Int = 7) throws {
    #expect(create(session, seconds) == .created)
    open(proctor, "boss", session, isProctor: true)
    start(proctor)
    try forget()
  }

  // MARK: HTTP

  enum Created: Equatable { case created, changed, refused(TestSessionError) }

  func create(_ session: String, _ seconds: Int, autostart: Bool = false) -> Created {
    create(session, #"{"duration_seconds":\#(seconds),"autostart":\#(autostart)}"#)
  }

  func create(_ session: String, _ body: String) -> Created {
    defer { mailroom.endSharing() }
    do throws(TestSessionError) {
      let isNew = try family.create(
        Array(body.utf8).span.raw, id: brief(session), at: now, &mailroom)
      return isNew ? .created : .changed
    } catch {
      return .refused(error)
    }
  }

  func find(_ session: String) -> Int? { family.find(Array(session.utf8).span.raw) }

  /// Returns the connections that are to be closed, nil when nothing is deleted.
  func remove(_ session: String) -> Set<Int>? {
    guard let place = find(session) else { return nil }
    do throws(TestSessionError) { try family.remove(place, at: now, &mailroom) } catch {
      return nil
    }
    var (all, next) = (Set<Int>(), family.firstConnection(of: place))
    while let connection = next {
      all.insert(connection)
      next = family.connection(behind: connection)
    }
    return all
  }

  /// All of a session, as GET tells it.
  func get(_ session: String) throws -> [String: Any] {
    let place = try #require(find(session))
    var writer = ByteWriter(
      capacity: TestSessions.longestPiece(participantSize: sizes.participantSize))
    var cursor = family.cursor(of: place)
    _ = family.writeHead(cursor, at: now, to: &writer)
    var text: [UInt8] = []
    var piece = TestSessionPiece.more
    while piece == .more {
      piece = family.writePiece(&cursor, to: &writer)
      let isWhole = !writer.overflowed
      #expect(isWhole)
      text += (0..<writer.count).map { writer.bytes[$0] }
      writer.removeAll()
    }
    #expect(piece == .last)
    let value = try JSONSerialization.jsonObject(with: Data(text))
    return try #require(value as? [String: Any])
  }

  /// What each user answered, as GET tells it.
  func answers(_ session: String = "s") throws -> [String: [String: String]] {
    var all: [String: [String: String]] = [:]
    for case let user as [String: Any] in try get(session)["participants"] as? [Any] ?? [] {
      let id = try #require(user["user_id"] as? String)
      let answers = try #require(user["answers"] as? [String: Any])
      all[id] = answers.mapValues { "\($0)" }
    }
    return all
  }

  // MARK: Time

  /// Lets time pass, and does what is due on the way.
  func pass(_ milliseconds: UInt64) {
    let end = now.monotonic + milliseconds
    while true {
      let next = min(end, max(now.monotonic, family.wakeUp ?? end))
      now.wall += next - now.monotonic
      now.monotonic = next
      settle()
      if next == end { return }
    }
  }

  /// Does what is due now.
  func settle() {
    var rounds = 0
    while let wake = family.wakeUp, wake <= now.monotonic, rounds < 1000 {
      family.woke(at: now, &mailroom)
      mailroom.endSharing()
      rounds += 1
    }
    #expect(rounds < 1000)
  }

  // MARK: What was sent

  /// What may go to a connection, taken out of its outbox.
  func take(_ connection: Int) throws -> [[String: Any]] {
    var stream: [UInt8] = []
    while !mailroom.outboxes.isEmpty(connection), mailroom.free(connection) > 0 {
      let part = Exam.waiting(mailroom, for: connection)
      mailroom.sent(part.count, from: connection)
      stream += part
    }
    var (rest, objects) = (stream[...], [[String: Any]]())
    while !rest.isEmpty {
      try #require(rest.removeFirst() == 0x81)
      var size = Int(rest.removeFirst())
      try #require(size != 127)
      if size == 126 { size = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst()) }
      let value = try JSONSerialization.jsonObject(with: Data(rest.prefix(size)))
      objects.append(try #require(value as? [String: Any]))
      rest = rest.dropFirst(size)
    }
    return objects
  }

  /// The same, and all that follows once there is room again.
  func drain(_ connection: Int) throws -> [[String: Any]] {
    mailroom.blocked.remove(connection)
    var objects = try take(connection)
    while mailroom.waiting.contains(connection), mailroom.outboxes.isEmpty(connection) {
      mailroom.waiting.remove(connection)
      family.resumed(connection, at: now, &mailroom)
      objects += try take(connection)
    }
    return objects
  }

  /// What was sent to a connection, in short.
  func events(_ connection: Int) throws -> [String] { try drain(connection).map(Exam.event) }

  static func event(_ object: [String: Any]) -> String {
    let type = object["type"] as? String ?? "?"
    var words = [type]
    for name in ["state", "user_id", "question_id", "answer", "remaining_seconds", "message"] {
      if let value = object[name], !(value is NSNull), type != "connection_established" {
        words.append("\(value)")
      }
    }
    if let answers = object["answers"] as? [String: Any] {
      words += answers.keys.sorted().map { "\($0)=\(answers[$0] ?? "")" }
    }
    return words.joined(separator: " ")
  }

  /// Takes away what was sent to anybody.
  func forget() throws {
    for _ in 0..<3 {
      land()
      for connection in open { _ = try drain(connection) }
    }
  }

  private static func waiting(_ mailroom: borrowing Mailroom, for connection: Int) -> [UInt8] {
    let list = mailroom.outboxes.gather(connection, limit: mailroom.free(connection))
    return list.withParts { parts, count in
      (0..<count).flatMap {
        UnsafeRawBufferPointer(start: parts[$0].start, count: parts[$0].length)
      }
    }
  }

  func block(_ connection: Int) { mailroom.blocked.insert(connection) }
  func isOverfull(_ connection: Int) -> Bool { mailroom.missed.contains(connection) }
  func hasUnread(_ connection: Int) -> Bool { !mailroom.outboxes.isEmpty(connection) }
  func isWaiting(_ connection: Int) -> Bool { mailroom.waiting.contains(connection) }
  var isTorn: Bool { mailroom.journal.isTorn }
  func isFaulty(_ connection: Int) -> Bool { mailroom.faulty.contains(connection) }
  var slotsInUse: Int { mailroom.outboxes.pool.capacity - mailroom.outboxes.pool.available }

  static func written(_ write: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 4096)
    write(&writer)
    return String(decoding: (0..<writer.count).map { writer.bytes[$0] }, as: UTF8.self)
  }
}

func brief(_ text: String) -> ShortText { ShortText(prefixOf: Array(text.utf8).span.raw) }

extension TestSessions {
  /// Gives back all that is held, so that the tables may go; nothing is recorded.
  mutating func removeAll() {
    for connection in 0..<tables.devices.count { tables.removeDevice(connection) }
    for session in 0..<tables.sessions.endIndex where tables.sessions.contains(session) {
      while let participant = tables.sessions[session].firstParticipant.place {
        while tables.participants[participant].firstAnswer.place != nil {
          tables.removeFirstAnswer(of: participant)
        }
        tables.removeParticipant(participant)
      }
      if !tables.sessions[session].isGone, !tables.sessions[session].isPlaceholder {
        tables.retire(session)
      }
      tables.free(session)
    }
    wake = .max
  }
}
