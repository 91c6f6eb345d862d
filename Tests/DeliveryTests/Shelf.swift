import Memory

@testable import Delivery

/// Kept messages with a journal, its image, and a clock.
final class Shelf {
  var kept: KeptMessages
  var journal: Journal
  var image = Image()
  var now: Moment

  /// One message, as one may ask for it.
  struct Message: Equatable, CustomStringConvertible {
    let id: UInt64
    let text: String
    let mark: UInt8
    let isTold: Bool
    var description: String { "\(id)\(isTold ? "" : "*") \(text)" }
  }

  static let firstID: UInt64 = 1000

  init(
    users: Int = 4, perUser: Int = 5, size: Int = 20 * 192, lifetime: UInt64 = 10_000,
    hasUserRecords: Bool = true, firstID: UInt64 = Shelf.firstID,
    knownUpTo: UInt64? = 0,
    isKept: Bool = true, batchSize: Int = 1 << 20, now: Moment = Moment(monotonic: 50, wall: 5000)
  ) {
    kept = KeptMessages(
      users: users, perUser: perUser, size: size, lifetime: lifetime, kind: .event,
      userKind: hasUserRecords ? .eventUser : nil, firstID: firstID, knownUpTo: knownUpTo,
      seed: 9)
    kept.touch()
    journal = Journal(batchSize: batchSize, recordSize: KeptMessages.longestRecord(text: size))
    if isKept { journal.begin(isFresh: false) }
    self.now = now
  }

  /// Another one, with what lies on disk.
  func restarted(
    users: Int = 4, perUser: Int = 5, size: Int = 20 * 192, lifetime: UInt64 = 10_000,
    firstID: UInt64 = 2000, wall: UInt64? = nil
  ) -> (shelf: Shelf, refused: Int) {
    let shelf = Shelf(
      users: users, perUser: perUser, size: size, lifetime: lifetime,
      hasUserRecords: kept.userKind != nil, firstID: firstID, knownUpTo: max(1100, kept.highestID),
      now: Moment(monotonic: 7, wall: wall ?? now.wall))
    flush()
    shelf.image = image
    // Whatever is put meanwhile gets a key of its own.
    shelf.journal.reserve(key: image.records.keys.max() ?? 0)
    let refused = image.inOrder.count { !shelf.restore($0.record, key: $0.key) }
    return (shelf, refused)
  }

  func restore(_ record: Image.Record, key: UInt64) -> Bool {
    guard let kind = RecordKind(rawValue: record.kind) else { return false }
    journal.reserve(key: key)
    let isTaken = kept.restore(kind, key: key, record.body.span.raw, at: now, &journal)
    if !isTaken { journal.remove(key: key) }
    return isTaken
  }

  func flush() { image.take(&journal) }

  // MARK: Keeping

  @discardableResult
  func enter(_ id: String) -> Int? { kept.enter(short(id), &journal) }

  @discardableResult
  func keep(_ text: String, tag: String = "", mark: UInt8 = 0, for id: String) -> UInt64? {
    guard let user = enter(id) else { return nil }
    return kept.keep(
      Array(text.utf8).span.raw, tag: short(tag), mark: mark, for: user, at: now, &journal)
  }

  func find(_ id: String) -> Int? { kept.find(Array(id.utf8).span.raw) }

  func message(_ id: UInt64, _ user: String) -> Int? {
    find(user).flatMap { kept.find(id, of: $0) }
  }

  func remove(_ id: UInt64, _ user: String) {
    if let message = message(id, user) { kept.remove(message, &journal) }
  }

  /// As whoever hands a message to a connection has to.
  func tell(_ id: UInt64, _ user: String) {
    guard let message = message(id, user) else { return }
    if kept.setTold(message) {
      kept.put(user: kept.user(of: message), &journal)
    } else {
      kept.put(message, &journal)
    }
  }

  func expire() { kept.expire(at: now, &journal) }

  func pass(_ milliseconds: UInt64) {
    now.monotonic += milliseconds
    now.wall += milliseconds
  }

  // MARK: Asking

  /// What is held of a user, in order; by walking the other way round, too.
  func held(_ id: String) -> [Message] {
    guard let user = find(id) else { return [] }
    var (found, next) = ([Message](), kept.first(of: user))
    while let message = next {
      found.append(read(message))
      next = kept.next(behind: message)
    }
    return found
  }

  func ids(_ user: String) -> [UInt64] { held(user).map(\.id) }

  func texts(_ user: String) -> [String] { held(user).map(\.text) }

  private func read(_ message: Int) -> Message {
    var writer = ByteWriter(capacity: 1 << 16)
    kept.append(message, to: &writer)
    precondition(writer.count == kept.size(of: message))
    let text = String(decoding: (0..<writer.count).map { writer.bytes[$0] }, as: UTF8.self)
    return Message(
      id: kept.id(ofMessage: message), text: text, mark: kept.mark(of: message),
      isTold: kept.isTold(message))
  }

  func floor(_ id: String) -> UInt64? { find(id).map { kept.floor(of: $0) } }
  func newest(_ id: String) -> UInt64? { find(id).map { kept.newest(of: $0) } }
  func told(_ id: String) -> UInt64? { find(id).map { kept.told(of: $0) } }

  func firstUntold(_ id: String) -> UInt64? {
    find(id).flatMap { kept.firstUntold(of: $0) }.map { kept.id(ofMessage: $0) }
  }

  func holdsAll(_ since: UInt64, _ id: String) -> Bool? {
    find(id).map { kept.holdsAll(behind: since, of: $0) }
  }

  // MARK: What is not copied

  var count: Int { kept.count }
  var slotsInUse: Int { kept.slotsInUse }
  var nextExpiry: UInt64? { kept.nextExpiry }
  var highestID: UInt64 { kept.highestID }
  var userCount: Int { kept.userCount }
  var isTorn: Bool { journal.isTorn }
  func fits(_ length: Int) -> Bool { kept.fits(length) }
}
