import Delivery
import Memory
import Testing

@testable import TypedConnections

/// What outlives the process.
extension Exam {
  /// What was gathered is on disk.
  func land() {
    guard sizes.isKept, !mailroom.journal.isEmpty else { return }
    var batch: [UInt8] = []
    mailroom.sealJournal(goesOn: false) { bytes in
      batch = (0..<bytes.byteCount).map { bytes[$0] }
    }
    write(batch)
    mailroom.journalLanded()
  }

  private func write(_ batch: [UInt8]) {
    var rest = batch.dropFirst()
    func word(_ size: Int) -> UInt64 {
      defer { rest = rest.dropFirst(size) }
      return rest.prefix(size).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    while let operation = rest.popFirst() {
      if operation == 3 {
        disk = [:]
        continue
      }
      let key = word(8)
      guard operation == 1 else {
        disk[key] = nil
        continue
      }
      let kind = UInt8(word(1))
      let size = Int(word(4))
      disk[key] = (kind, Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
  }

  /// The process ends at once, and begins again: what was not on disk is gone.
  ///
  /// - Parameters:
  ///   - away: milliseconds that it takes.
  ///   - clock: milliseconds by which the clock is set meanwhile.
  func restart(away: UInt64 = 0, clock: Int64 = 0) {
    clear()
    family = Exam.family(sizes)
    mailroom = Exam.mailroom(sizes)
    now.monotonic = 5000
    now.wall = UInt64(Int64(now.wall + away) + clock)
    mailroom.journal.begin(isFresh: false)
    for key in disk.keys { mailroom.journal.reserve(key: key) }
    for (key, record) in disk.sorted(by: { ($0.value.kind, $0.key) < ($1.value.kind, $1.key) }) {
      if !restore(record.kind, key, record.body) { mailroom.journal.remove(key: key) }
    }
  }

  func restore(_ kind: UInt8, _ key: UInt64, _ body: [UInt8]) -> Bool {
    guard let kind = RecordKind(rawValue: kind) else { return false }
    mailroom.journal.reserve(key: key)
    return family.restore(kind, key: key, body.span.raw, at: now, &mailroom)
  }

  /// Puts all records down anew.
  func rewrite() {
    mailroom.journal.begin(isFresh: true)
    var cursor: Int? = 0
    while let next = cursor {
      cursor = family.rewrite(from: next, &mailroom.journal)
      land()
    }
  }

  /// Users of whom the disk says that they were told of the end.
  var toldOnDisk: Set<String> {
    var users: Set<String> = []
    for record in disk.values where record.kind == 7 && (record.body.last ?? 0) & 2 != 0 {
      users.insert(String(decoding: record.body[9..<(9 + Int(record.body[8]))], as: UTF8.self))
    }
    return users
  }

  var kinds: [UInt8] { disk.values.map(\.kind).sorted() }
}
