import Delivery
import Memory
import Testing
import WebSocket

@testable import TypedConnections

/// Notifications connections, a journal, and what of it lies on disk.
final class NoticeBoard {
  private var family: Notifications
  private var mailroom: Mailroom
  private var open: Set<Int> = []
  private(set) var step = FamilyStep.stay
  /// What lies on disk, by key: kind and body.
  private(set) var records: [UInt64: (kind: UInt8, body: [UInt8])] = [:]
  private let numbers: Numbers
  var now = Moment(monotonic: 10_000, wall: 1_752_143_400_000)

  struct Numbers {
    var connections = 6
    var users = 0
    var perUser = 5
    var size = 16 * 192
    var lifetime: UInt64 = 60_000
    var firstID: UInt64 = 1000
    var batchSize = 1 << 16
    var isKept = true
    var places = 60
    var slots = 400
  }

  init(_ numbers: Numbers = Numbers()) {
    self.numbers = numbers
    family = Notifications(
      connections: numbers.connections, users: numbers.users, perUser: numbers.perUser,
      size: numbers.size, lifetime: numbers.lifetime, firstID: numbers.firstID, seed: 7)
    var journal = Journal(
      batchSize: numbers.batchSize, recordSize: Notifications.longestRecord(body: 2000))
    if numbers.isKept { journal.begin(isFresh: false) }
    mailroom = Mailroom(
      connections: numbers.connections, places: numbers.places, slots: numbers.slots,
      slotSize: 256, draftSize: Notifications.longestMessage(body: 2000), seed: 7,
      journal: journal)
    family.touch()
  }

  deinit { for connection in open { close(connection) } }

  // MARK: The clients

  /// Opens a connection, whose greeting is taken unless it is asked for.
  func open(_ connection: Int, _ id: String, isGreeted: Bool = false) throws {
    open.insert(connection)
    mailroom.users.enter(connection, id: ShortText(text: id), name: ShortText(text: id))
    let opening = Opening(seed: InlineArray(repeating: 0), stamp: 42)
    family.opened(connection, opening, at: now, &mailroom)
    if !isGreeted { mailroom.sent(Wire.firstFrame(mailroom, of: connection), from: connection) }
  }

  func close(_ connection: Int) {
    open.remove(connection)
    family.closed(connection, at: now, &mailroom)
    mailroom.remove(connection)
  }

  func send(_ text: String, from connection: Int) {
    step = family.received(.text, Array(text.utf8).span.raw, from: connection, at: now, &mailroom)
    mailroom.endSharing()
  }

  func mark(_ id: UInt64, from connection: Int) {
    send(#"{"type":"mark_notification_read","notification_id":\#(id)}"#, from: connection)
  }

  func refuse(_ connection: Int) { family.refused(connection, at: now, &mailroom) }

  // MARK: The publisher

  @discardableResult
  func publish(_ body: String, to user: String) throws -> PublishedNotice {
    let bytes = Array(body.utf8)
    let notice = try Notice.read(bytes.span.raw)
    defer { mailroom.endSharing() }
    return try family.publish(
      notice, of: bytes.span.raw, to: ShortText(text: user), at: now, &mailroom)
  }

  @discardableResult
  func notify(_ title: String, _ user: String) throws -> PublishedNotice {
    try publish(#"{"title":"\#(title)"}"#, to: user)
  }

  /// One slice of those that have connections.
  func notifyAll(_ title: String, from cursor: Int = 0) throws -> NoticeSlice {
    let bytes = Array(#"{"title":"\#(title)"}"#.utf8)
    let notice = try Notice.read(bytes.span.raw)
    defer { mailroom.endSharing() }
    return try family.publish(
      notice, of: bytes.span.raw, toUsersFrom: cursor, at: now, &mailroom)
  }

  func canPublish(_ bytes: Int) -> Bool { family.canPublish(bytes: bytes, mailroom) }

  // MARK: What was sent

  /// The texts that wait for a connection, taken out of its outbox once the disk has what they
  /// depend on.
  func texts(_ connection: Int) throws -> [String] {
    if isHeld(connection) { flush() }
    return try Wire.take(connection, &mailroom)
  }

  func take(_ connection: Int) throws -> [[String: Any]] {
    try texts(connection).map(Wire.object)
  }

  /// What waits, in short: the title of a notification, the id that was read, or the type.
  func events(_ connection: Int) throws -> [String] {
    try take(connection).map { object in
      if let title = object["title"] as? String { return title }
      if let id = object["notification_id"] as? UInt64 { return "read \(id)" }
      return object["type"] as? String ?? "?"
    }
  }

  /// The same, and all that follows once there is room again.
  func drain(_ connection: Int) throws -> [String] {
    var found = try events(connection)
    while isWaiting(connection) {
      resume(connection)
      found += try events(connection)
    }
    return found
  }

  /// The outbox is empty: what waits for that goes on.
  func resume(_ connection: Int) {
    guard isWaiting(connection) else { return }
    mailroom.waiting.remove(connection)
    family.resumed(connection, at: now, &mailroom)
  }

  // MARK: The mailroom and the disk

  func isWaiting(_ connection: Int) -> Bool { mailroom.waiting.contains(connection) }
  func isOverfull(_ connection: Int) -> Bool { mailroom.missed.contains(connection) }
  func isHeld(_ connection: Int) -> Bool { mailroom.isHeld(connection) }
  /// Bytes that are queued and may go.
  func free(_ connection: Int) -> Int { Wire.waiting(mailroom, for: connection).count }
  func block(_ connection: Int) { mailroom.blocked.insert(connection) }
  func unblock(_ connection: Int) { mailroom.blocked.remove(connection) }
  var slotsInUse: Int { mailroom.outboxes.pool.capacity - mailroom.outboxes.pool.available }

  /// What was gathered is on its way to the disk, and lands.
  func flush() {
    seal()
    land()
  }

  func seal() {
    var batch: [UInt8] = []
    mailroom.sealJournal(goesOn: false) { bytes in
      batch = (0..<bytes.byteCount).map { bytes[$0] }
    }
    apply(batch)
  }

  func land() { mailroom.journalLanded() }

  private func apply(_ batch: [UInt8]) {
    var rest = batch.dropFirst()
    func word(_ size: Int) -> UInt64 {
      defer { rest = rest.dropFirst(size) }
      return rest.prefix(size).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    while let operation = rest.popFirst() {
      switch operation {
      case 1:
        let (key, kind, length) = (word(8), UInt8(word(1)), Int(word(4)))
        records[key] = (kind, Array(rest.prefix(length)))
        rest = rest.dropFirst(length)
      case 2: records[word(8)] = nil
      default: records = [:]
      }
    }
  }

  /// Another one, with what lies on disk.
  func restarted(firstID: UInt64 = 5000) -> NoticeBoard {
    var numbers = numbers
    numbers.firstID = firstID
    let board = NoticeBoard(numbers)
    board.now = Moment(monotonic: 3, wall: now.wall)
    for (key, record) in records.sorted(by: { $0.key < $1.key }) {
      board.records[key] = record
      if !board.restore(record.kind, key, record.body) { board.mailroom.journal.remove(key: key) }
    }
    return board
  }

  func restore(_ kind: UInt8, _ key: UInt64, _ body: [UInt8]) -> Bool {
    guard let kind = RecordKind(rawValue: kind) else { return false }
    mailroom.journal.reserve(key: key)
    return family.restore(kind, key: key, body.span.raw, at: now, &mailroom)
  }

  /// Puts all records down anew; returns how many batches that took.
  func rewrite() -> Int {
    mailroom.journal.begin(isFresh: true)
    var (cursor, batches) = (0, 1)
    while let next = family.rewrite(from: cursor, &mailroom.journal) {
      (cursor, batches) = (next, batches + 1)
      flush()
    }
    flush()
    return batches
  }

  /// The ids of the records of one user.
  func recorded(_ user: String) -> Int {
    let name = [UInt8(user.utf8.count)] + Array(user.utf8)
    return records.values.count { $0.kind == 4 && $0.body.starts(with: name) }
  }

  // MARK: The family

  func pass(_ milliseconds: UInt64) {
    now.monotonic += milliseconds
    now.wall += milliseconds
    while let wakeUp = family.wakeUp, wakeUp <= now.monotonic {
      family.woke(at: now, &mailroom)
      guard let next = family.wakeUp, next > now.monotonic else { continue }
      return
    }
  }

  var wakeUp: UInt64? { family.wakeUp }
  var held: Int { family.heldCount }
  var users: Int { family.userCount }
  var connections: Int { family.connectionCount }
  func contains(_ connection: Int) -> Bool { family.contains(connection) }
  var peaks: [Int] { [family.heldPeak, family.userPeak] }
  var capacities: [Int] { [family.heldCapacity, family.userCapacity] }
}
