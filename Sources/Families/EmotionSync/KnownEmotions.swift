import Delivery
import Memory

/// The last emotion of so many users; the one that changed least recently goes first, and nobody's
/// who is connected.
struct KnownEmotions: ~Copyable {
  var table: Slab<KnownEmotion>
  /// Places whose emotion is not in the journal, the first that changed first.
  var unsaved: IndexSet
  private var index: HashIndex
  private var earliest = KnownEmotion.none
  private var latest = KnownEmotion.none

  /// - Parameter capacity: more than users may be connected at once, or as many.
  init(capacity: Int, seed: UInt64) {
    table = Slab(capacity: capacity)
    unsaved = IndexSet(capacity: capacity)
    index = HashIndex(capacity: capacity, seed: seed)
  }

  static func byteCount(capacity: Int) -> Int {
    let size = MemoryLayout<KnownEmotion>.stride + MemoryLayout<UInt32>.stride
    return capacity * (size + IndexSet.bytesPerIndex)
      + HashIndex.byteCount(capacity: capacity)
  }

  mutating func touch() { table.touch() }

  func hash(_ id: RawSpan) -> UInt32 { index.hash(id) }

  func find(_ id: RawSpan) -> Int? {
    var probe = index.probe(hash(id))
    while let place = index.next(&probe) {
      if table[place].id.bytes.equals(id) { return place }
    }
    return nil
  }

  /// Notes whether the user of an emotion is connected: the user's place, or `none`.
  mutating func connect(_ place: Int, to user: UInt32) { table[place].user = user }

  /// Notes a change; its record is put by `save`.
  mutating func change(
    _ place: Int, to emotion: ShortText, at milliseconds: UInt64, _ journal: borrowing Journal
  ) {
    table[place].emotion = emotion
    table[place].changed = milliseconds
    unlink(place)
    linkLatest(place)
    if journal.isKept { unsaved.insert(place) }
  }

  /// Notes the first emotion of a user, who is connected; its record is put by `save`.
  mutating func insert(
    _ id: ShortText, user: UInt32, _ emotion: ShortText, at milliseconds: UInt64,
    _ journal: inout Journal
  ) -> Int {
    // Where a record cannot be removed now, the new one takes its place.
    let left = table.isFull ? forgetEarliest(&journal) : nil
    var known = KnownEmotion(
      id: id, hash: hash(id.bytes), key: left ?? journal.newKey(), user: user,
      emotion: emotion, changed: milliseconds)
    known.isPut = left != nil
    let place = insert(known)
    if journal.isKept { unsaved.insert(place) }
    return place
  }

  /// Enters one for which there is room.
  mutating func insert(_ known: KnownEmotion) -> Int {
    guard let place = table.insert(known) else {
      preconditionFailure("more users than the table was made for")
    }
    index.insert(place, hash: known.hash)
    linkLatest(place)
    return place
  }

  /// - Returns: the key of the record that went, if the journal has no room to remove it.
  mutating func forgetEarliest(_ journal: inout Journal) -> UInt64? {
    var next = earliest
    while next != KnownEmotion.none {
      let place = Int(next)
      if table[place].user == KnownEmotion.none {
        let key = table[place].isPut ? table[place].key : nil
        forget(place)
        guard let key, journal.hasRoom(for: 1, bytes: 0) else { return key }
        journal.remove(key: key)
        return nil
      }
      next = table[place].later
    }
    return nil
  }

  /// Takes one out; its record stays.
  mutating func forget(_ place: Int) {
    unsaved.remove(place)
    unlink(place)
    index.remove(place, hash: table[place].hash)
    table.remove(at: place)
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
