import Delivery
import Memory

/// The last emotion of so many users; the one that changed least recently goes first, and nobody's
/// who is connected.
struct KnownEmotions: ~Copyable {
  private(set) var table: Slab<KnownEmotion>
  private var index: HashIndex
  private var earliest = KnownEmotion.none
  private var latest = KnownEmotion.none

  /// - Parameter capacity: more than users may be connected at once, or as many.
  init(capacity: Int, seed: UInt64) {
    table = Slab(capacity: capacity)
    index = HashIndex(capacity: capacity, seed: seed)
  }

  static func byteCount(capacity: Int) -> Int {
    capacity * (MemoryLayout<KnownEmotion>.stride + MemoryLayout<UInt32>.stride)
      + HashIndex.byteCount(capacity: capacity)
  }

  mutating func touch() { table.touch() }

  func find(_ id: RawSpan) -> Int? {
    var probe = index.probe(index.hash(id))
    while let place = index.next(&probe) {
      if table[place].id.bytes.equals(id) { return place }
    }
    return nil
  }

  /// Notes whether the user of an emotion is connected: the user's place, or `none`.
  mutating func connect(_ place: Int, to user: UInt32) { table[place].user = user }

  /// Notes a change.
  mutating func change(
    _ place: Int, to emotion: ShortText, at milliseconds: UInt64, _ journal: inout Journal
  ) {
    table[place].emotion = emotion
    table[place].changed = milliseconds
    unlink(place)
    linkLatest(place)
    put(place, &journal)
  }

  /// Notes the first emotion of a user, who is connected.
  mutating func insert(
    _ id: ShortText, user: UInt32, _ emotion: ShortText, at milliseconds: UInt64,
    _ journal: inout Journal
  ) -> Int {
    if table.isFull { forgetEarliest(&journal) }
    let known = KnownEmotion(
      id: id, hash: index.hash(id.bytes), key: journal.newKey(), user: user, emotion: emotion,
      changed: milliseconds)
    let place = insert(known)
    put(place, &journal)
    return place
  }

  private mutating func insert(_ known: KnownEmotion) -> Int {
    guard let place = table.insert(known) else {
      preconditionFailure("more users than the table was made for")
    }
    index.insert(place, hash: known.hash)
    linkLatest(place)
    return place
  }

  private mutating func forgetEarliest(_ journal: inout Journal) {
    var next = earliest
    while next != KnownEmotion.none {
      let place = Int(next)
      if table[place].user == KnownEmotion.none {
        journal.remove(key: table[place].key)
        unlink(place)
        index.remove(place, hash: table[place].hash)
        return table.remove(at: place)
      }
      next = table[place].later
    }
  }

  // MARK: Records

  /// Puts the record of an emotion down: the user's id, the emotion, when it changed.
  private func put(_ place: Int, _ journal: inout Journal) {
    journal.record.append(short: table[place].id)
    journal.record.append(short: table[place].emotion)
    journal.record.append(word: table[place].changed)
    journal.put(.emotion, key: table[place].key)
  }

  /// Takes an emotion from before the start; when there is no room the earliest goes.
  ///
  /// - Returns: whether there was sense in the record, and a user without another one.
  mutating func restore(key: UInt64, _ body: RawSpan, _ journal: inout Journal) -> Bool {
    var reader = RecordReader(body)
    guard let id = reader.shortText(), !id.isEmpty, let emotion = reader.shortText(),
      !emotion.isEmpty, let changed = reader.word(UInt64.self), find(id.bytes) == nil
    else { return false }
    if table.isFull { forgetEarliest(&journal) }
    _ = insert(
      KnownEmotion(
        id: id, hash: index.hash(id.bytes), key: key, user: KnownEmotion.none, emotion: emotion,
        changed: changed))
    return true
  }

  /// Puts the records down from `cursor` on, as many as there is room for.
  ///
  /// - Returns: where to go on, nil when that was all.
  func rewrite(from cursor: Int, _ journal: inout Journal) -> Int? {
    for place in cursor..<max(cursor, table.endIndex) where table.contains(place) {
      guard journal.hasRoom(for: 1, bytes: 2 * (ShortText.maximumSize + 1) + 8) else {
        return place
      }
      put(place, &journal)
    }
    return nil
  }

  private mutating func linkLatest(_ place: Int) {
    table[place].earlier = latest
    table[place].later = KnownEmotion.none
    if latest == KnownEmotion.none {
      earliest = UInt32(place)
    } else {
      table[Int(latest)].later = UInt32(place)
    }
    latest = UInt32(place)
  }

  private mutating func unlink(_ place: Int) {
    let (earlier, later) = (table[place].earlier, table[place].later)
    if earlier == KnownEmotion.none {
      earliest = later
    } else {
      table[Int(earlier)].later = later
    }
    if later == KnownEmotion.none {
      latest = earlier
    } else {
      table[Int(later)].earlier = earlier
    }
  }
}
