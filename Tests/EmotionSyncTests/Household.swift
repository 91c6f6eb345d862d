import Delivery
import Foundation
import Memory
import TestSupport
import Testing
import WebSocket

@testable import EmotionSync

/// Users with their devices; what those are sent, parsed by Foundation.
final class Household {
  private var family: EmotionSync
  private var mailroom: Mailroom
  private var open: Set<Int> = []
  private(set) var step = FamilyStep.stay
  var now = Moment(monotonic: 10_000, wall: 1_683_642_600_123)

  init(
    connections: Int = 4, users: Int = 4, allowed: String = "", places: Int = 8, slots: Int = 64,
    batchSize: Int? = nil
  ) {
    family = EmotionSync(
      connections: connections, users: users, allowed: Array(allowed.utf8), seed: 3)
    mailroom = Mailroom(
      connections: connections, places: places, slots: slots, slotSize: 256,
      draftSize: EmotionSync.longestAnswer(allowed: allowed.utf8.count), seed: 3,
      journal: Journal(batchSize: batchSize ?? 64, recordSize: 256))
    if batchSize != nil { mailroom.journal.begin(isFresh: false) }
    family.touch()
  }

  deinit { for connection in open { close(connection) } }

  func open(_ connection: Int, _ id: String) {
    enter(connection, id)
    family.opened(connection, Opening(seed: InlineArray(repeating: 0)), at: now, &mailroom)
    mailroom.endSharing()
  }

  /// A connection of another family.
  func enter(_ connection: Int, _ id: String) {
    open.insert(connection)
    let id = ShortText(prefixOf: Array(id.utf8).span.raw)
    mailroom.users.enter(connection, id: id, name: id)
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

  func feel(_ emotion: String, _ connection: Int) {
    send(#"{"type":"emotion_update","emotion":"\#(emotion)"}"#, from: connection)
  }

  func refuse(_ connection: Int) { family.refused(connection, at: now, &mailroom) }

  // MARK: What was sent

  /// What waits for a connection, taken out of its outbox.
  func take(_ connection: Int) throws -> [[String: Any]] {
    var stream: [UInt8] = []
    while !mailroom.outboxes.isEmpty(connection) {
      let part = Household.waiting(mailroom, for: connection)
      mailroom.outboxes.sent(part.count, from: connection)
      stream += part
    }
    var (rest, objects) = (stream[...], [[String: Any]]())
    while !rest.isEmpty {
      try #require(rest.removeFirst() == 0x81)
      var size = Int(rest.removeFirst())
      if size == 126 { size = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst()) }
      let value = try JSONSerialization.jsonObject(with: Data(rest.prefix(size)))
      objects.append(try #require(value as? [String: Any]))
      rest = rest.dropFirst(size)
    }
    return objects
  }

  /// The emotions in what waits for a connection.
  func emotions(_ connection: Int) throws -> [String] {
    try take(connection).compactMap { $0["emotion"] as? String }
  }

  /// Takes everything, as a receiver that reads again, and what waited for that.
  func drain(_ connection: Int) throws -> [String] {
    var emotions = try emotions(connection)
    unblock(connection)
    if mailroom.waiting.contains(connection) {
      mailroom.waiting.remove(connection)
      family.resumed(connection, at: now, &mailroom)
      emotions += try self.emotions(connection)
    }
    return emotions
  }

  private static func waiting(_ mailroom: borrowing Mailroom, for connection: Int) -> [UInt8] {
    let list = mailroom.outboxes.gather(connection)
    return list.withParts { parts, count in
      (0..<count).flatMap {
        UnsafeRawBufferPointer(start: parts[$0].start, count: parts[$0].length)
      }
    }
  }

  // MARK: The mailroom

  func block(_ connection: Int) { mailroom.blocked.insert(connection) }
  func unblock(_ connection: Int) { mailroom.blocked.remove(connection) }
  func isWaiting(_ connection: Int) -> Bool { mailroom.waiting.contains(connection) }
  func isOverfull(_ connection: Int) -> Bool { mailroom.missed.contains(connection) }
  func isEmpty(_ connection: Int) -> Bool { mailroom.outboxes.isEmpty(connection) }
  var slotsInUse: Int { mailroom.outboxes.pool.capacity - mailroom.outboxes.pool.available }

  // MARK: Records

  private(set) var image = RecordImage()
  var wakeUp: UInt64? { family.wakeUp }
  var isTorn: Bool { mailroom.journal.isTorn }

  func wake() { family.woke(at: now, &mailroom) }

  func seal() {
    mailroom.sealJournal(goesOn: false) { batch in
      image.apply((0..<batch.byteCount).map { batch[$0] })
    }
    mailroom.journalLanded()
  }

  /// Users and emotions on disk.
  var onDisk: [String: String] {
    var found: [String: String] = [:]
    for record in image.records.values {
      let id = Int(record.body[0])
      let emotion = record.body.dropFirst(id + 1)
      let text = emotion.dropFirst().prefix(Int(emotion.first ?? 0))
      found[String(decoding: record.body[1...id], as: UTF8.self)] = String(
        decoding: text, as: UTF8.self)
    }
    return found
  }

  // MARK: The family

  var connectionCount: Int { family.connectionCount }
  var knownCount: Int { family.knownCount }
  var knownPeak: Int { family.knownPeak }
}
