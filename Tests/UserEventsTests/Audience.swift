import Delivery
import Foundation
import Memory
import WebSocket

@testable import UserEvents

/// Connections of users, and backends that publish; what is sent is parsed by Foundation.
final class Audience {
  var family: UserEvents
  var mailroom: Mailroom
  private var open: Set<Int> = []
  private(set) var step = FamilyStep.stay
  var now = Moment(monotonic: 10_000, wall: 1_760_904_000_000)
  /// Another one like this.
  private let make: (UInt64) -> Audience
  private(set) var records: [UInt64: (kind: UInt8, body: [UInt8])] = [:]

  static let firstID: UInt64 = 1000

  init(
    connections: Int = 6, users: Int = 6, perUser: Int = 10, size: Int = 100 * 192,
    lifetime: UInt64 = 60_000, firstID: UInt64 = Audience.firstID,
    knownUpTo: UInt64? = 0,
    places: Int = 30, slots: Int = 400, batchSize: Int = 1 << 18, body: Int = 2000
  ) {
    make = { firstID in
      Audience(
        connections: connections, users: users, perUser: perUser, size: size, lifetime: lifetime,
        firstID: firstID, knownUpTo: firstID - 1, places: places, slots: slots,
        batchSize: batchSize, body: body)
    }
    family = UserEvents(
      connections: connections, users: users, perUser: perUser, size: size, lifetime: lifetime,
      firstID: firstID, knownUpTo: knownUpTo, seed: 3)
    mailroom = Mailroom(
      connections: connections, places: places, slots: slots, slotSize: 256,
      draftSize: UserEvents.longestMessage(body: body), seed: 3,
      journal: Journal(batchSize: batchSize, recordSize: UserEvents.longestRecord(body: body)))
    family.touch()
    mailroom.journal.begin(isFresh: false)
  }

  deinit { for connection in open { close(connection) } }

  // MARK: Coming and going

  func open(_ connection: Int, _ user: String, since: UInt64? = nil) {
    open.insert(connection)
    let opening = Opening(
      seed: InlineArray(repeating: 0), subject: Audience.short(user), since: since)
    family.opened(connection, opening, at: now, &mailroom)
    mailroom.endSharing()
  }

  func close(_ connection: Int) {
    open.remove(connection)
    family.closed(connection, at: now, &mailroom)
    mailroom.remove(connection)
  }

  func isOpen(_ connection: Int) -> Bool { open.contains(connection) }

  func send(_ text: String, from connection: Int) {
    step = family.received(.text, Array(text.utf8).span.raw, from: connection, at: now, &mailroom)
    mailroom.endSharing()
  }

  func refuse(_ connection: Int) { family.refused(connection, at: now, &mailroom) }

  func pass(_ milliseconds: UInt64) {
    now.monotonic += milliseconds
    now.wall += milliseconds
    if let wakeUp = family.wakeUp, wakeUp <= now.monotonic { family.woke(at: now, &mailroom) }
  }

  // MARK: Publishing

  func publish(_ body: String, to user: String) throws(EventError) -> Published {
    defer { mailroom.endSharing() }
    return try family.publish(
      Array(body.utf8).span.raw, to: Audience.short(user), at: now, &mailroom)
  }

  func publish(_ body: String, from cursor: Int) throws(EventError) -> PublishedSlice {
    defer { mailroom.endSharing() }
    return try family.publish(
      Array(body.utf8).span.raw, toUsersFrom: cursor, at: now, &mailroom)
  }

  @discardableResult
  func note(_ title: String, to user: String) -> Published? {
    try? publish(Audience.note(title), to: user)
  }

  @discardableResult
  func progress(_ percent: Int, of audio: String = "1", to user: String) -> Published? {
    try? publish(Audience.progress(percent, of: audio), to: user)
  }

  static func note(_ title: String) -> String {
    #"{"type":"notification","data":{"title":"\#(title)","message":"m","level":"info"}}"#
  }

  static func progress(_ percent: Int, of audio: String) -> String {
    #"{"type":"upload_progress","data":{"audio_id":\#(audio),"progress":\#(percent),"status":"s"}}"#
  }

  // MARK: What was sent

  /// What waits for a connection, taken out of its outbox.
  func take(_ connection: Int) -> [[String: Any]] { texts(connection).map(Audience.object) }

  /// The same as it was sent.
  func texts(_ connection: Int) -> [String] {
    var stream: [UInt8] = []
    while !mailroom.outboxes.isEmpty(connection) {
      let part = Audience.waiting(mailroom, for: connection)
      mailroom.sent(part.count, from: connection)
      stream += part
    }
    var (rest, texts) = (stream[...], [String]())
    while rest.popFirst() == 0x81, let short = rest.popFirst() {
      var size = Int(short)
      if size == 126 { size = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst()) }
      texts.append(String(decoding: rest.prefix(size), as: UTF8.self))
      rest = rest.dropFirst(size)
    }
    return texts
  }

  /// Takes everything, as a receiver that reads again, and what waited for that.
  func drain(_ connection: Int) -> [[String: Any]] {
    mailroom.blocked.remove(connection)
    var objects = take(connection)
    while mailroom.waiting.contains(connection) {
      mailroom.waiting.remove(connection)
      family.resumed(connection, at: now, &mailroom)
      objects += take(connection)
    }
    return objects
  }

  /// The events that a connection gets, in short: the title or the progress.
  func events(_ connection: Int) -> [String] { drain(connection).compactMap(Audience.event) }

  static func event(_ object: [String: Any]) -> String? {
    let data = object["data"] as? [String: Any]
    if let title = data?["title"] as? String { return title }
    if let progress = data?["progress"] as? Int { return "\(progress) %" }
    return object["id"] == nil ? nil : data?["status"] as? String
  }

  /// What `connection` says of `resumed`.
  func resumed(_ connection: Int) -> Bool? {
    guard let first = take(connection).first, first["type"] as? String == "connection" else {
      return nil
    }
    return (first["data"] as? [String: Any])?["resumed"] as? Bool
  }

  static func object(_ text: String) -> [String: Any] {
    let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
    return value as? [String: Any] ?? [:]
  }

  private static func waiting(_ mailroom: borrowing Mailroom, for connection: Int) -> [UInt8] {
    let list = mailroom.outboxes.gather(connection)
    return list.withParts { parts, count in
      (0..<count).flatMap {
        UnsafeRawBufferPointer(start: parts[$0].start, count: parts[$0].length)
      }
    }
  }

  static func short(_ text: String) -> ShortText { ShortText(prefixOf: Array(text.utf8).span.raw) }

  // MARK: The mailroom

  func block(_ connection: Int) { mailroom.blocked.insert(connection) }
  func isWaiting(_ connection: Int) -> Bool { mailroom.waiting.contains(connection) }
  func isOverfull(_ connection: Int) -> Bool { mailroom.missed.contains(connection) }
  func isFaulty(_ connection: Int) -> Bool { mailroom.faulty.contains(connection) }
  var slotsInUse: Int { mailroom.outboxes.pool.capacity - mailroom.outboxes.pool.available }

  // MARK: The disk

  /// Brings what was put down to disk.
  func flush() {
    var bytes: [UInt8] = []
    mailroom.sealJournal(goesOn: false) { batch in
      bytes = (0..<batch.byteCount).map { batch[$0] }
    }
    mailroom.journalLanded()
    var rest = bytes.dropFirst()
    func word(_ size: Int) -> UInt64 {
      defer { rest = rest.dropFirst(size) }
      return rest.prefix(size).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    while let operation = rest.popFirst() {
      let key = word(8)
      records[key] = nil
      guard operation == 1 else { continue }
      let (kind, length) = (UInt8(word(1)), Int(word(4)))
      records[key] = (kind, Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
  }

  /// A gateway that starts with what lies on disk.
  func restarted(firstID: UInt64) -> Audience {
    flush()
    let new = make(firstID)
    new.now.wall = now.wall
    new.mailroom.journal.reserve(key: records.keys.max() ?? 0)
    for (key, record) in records.sorted(by: { ($0.value.kind, $0.key) < ($1.value.kind, $1.key) }) {
      guard let kind = RecordKind(rawValue: record.kind) else { continue }
      _ = new.family.restore(
        kind, key: key, record.body.span.raw, at: new.now, &new.mailroom)
    }
    new.records = records
    return new
  }

  // MARK: What is not copied

  var isTorn: Bool { mailroom.journal.isTorn }
  var connectionCount: Int { family.connectionCount }
  var heldCount: Int { family.heldCount }
  var heldPeak: Int { family.heldPeak }
  var heldCapacity: Int { family.heldCapacity }
  var userCount: Int { family.userCount }
  var userPeak: Int { family.userPeak }
  var userCapacity: Int { family.userCapacity }
  var wakeUp: UInt64? { family.wakeUp }
  func canPublish(_ bytes: Int) -> Bool { family.canPublish(bytes: bytes, mailroom) }
}
