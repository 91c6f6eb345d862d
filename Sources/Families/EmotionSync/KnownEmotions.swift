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
  mutating func change(_ place: Int, to emotion: ShortText, at milliseconds: UInt64) {
    table[place].emotion = emotion
    table[place].changed = milliseconds
    unlink(place)
    linkLatest(place)
  }

  /// Notes the first emotion of a user, who is connected.
  mutating func insert(
    _ id: ShortText, user: UInt32, _ emotion: ShortText, at milliseconds: UInt64
  ) -> Int {
    if table.isFull { forgetEarliest() }
    let hash = index.hash(id.bytes)
    let known = KnownEmotion(
      id: id, hash: hash, user: user, emotion: emotion, changed: milliseconds)
    guard let place = table.insert(known) else {
      preconditionFailure("more users than the table was made for")
    }
    index.insert(place, hash: hash)
    linkLatest(place)
    return place
  }

  private mutating func forgetEarliest() {
    var next = earliest
    while next != KnownEmotion.none {
      let place = Int(next)
      if table[place].user == KnownEmotion.none {
        unlink(place)
        index.remove(place, hash: table[place].hash)
        return table.remove(at: place)
      }
      next = table[place].later
    }
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
