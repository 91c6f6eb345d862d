import Delivery
import Memory

/// Records of emotions: the user's id and the emotion, each with its length, and in 8 bytes when it
/// changed.
///
/// However often an emotion changes, its record is put once each time that `save` comes by, and no
/// sooner than the journal has room.
extension KnownEmotions {
  /// Bytes of the longest record.
  private static var recordSize: Int { 2 * (ShortText.maximumSize + 1) + 8 }

  /// Puts the records of what has changed since, as many as the journal has room for.
  mutating func save(_ journal: inout Journal) {
    while KnownEmotions.hasRoom(in: journal), let place = unsaved.popFirst() {
      put(place, &journal)
    }
  }

  /// Puts the record of one emotion, if it has changed since and the journal has room.
  mutating func save(_ place: Int, _ journal: inout Journal) {
    guard unsaved.contains(place), KnownEmotions.hasRoom(in: journal) else { return }
    unsaved.remove(place)
    put(place, &journal)
  }

  private static func hasRoom(in journal: borrowing Journal) -> Bool {
    journal.hasRoom(for: 1, bytes: recordSize)
  }

  private mutating func put(_ place: Int, _ journal: inout Journal) {
    table[place].isPut = true
    journal.record.append(short: table[place].id)
    journal.record.append(short: table[place].emotion)
    journal.record.append(word: table[place].changed)
    journal.put(.emotion, key: table[place].key)
  }

  /// Takes an emotion from before the start; when there is no room the earliest goes.
  ///
  /// - Returns: whether there was sense in the record, and no later one of the same user.
  mutating func restore(key: UInt64, _ body: RawSpan, _ journal: inout Journal) -> Bool {
    var reader = RecordReader(body)
    guard let id = reader.shortText(), !id.isEmpty, let emotion = reader.shortText(),
      !emotion.isEmpty, let changed = reader.word(UInt64.self)
    else { return false }
    if let other = find(id.bytes) {
      // The user was forgotten and came back before the other record was replaced.
      guard changed > table[other].changed else { return false }
      journal.remove(key: table[other].key)
      forget(other)
    }
    if table.isFull, let left = forgetEarliest(&journal) { journal.remove(key: left) }
    var known = KnownEmotion(
      id: id, hash: hash(id.bytes), key: key, user: KnownEmotion.none, emotion: emotion,
      changed: changed)
    known.isPut = true
    _ = insert(known)
    return true
  }

  /// Puts the records down from `cursor` on, as many as there is room for.
  ///
  /// - Returns: where to go on, nil when that was all.
  mutating func rewrite(from cursor: Int, _ journal: inout Journal) -> Int? {
    for place in cursor..<max(cursor, table.endIndex) where table.contains(place) {
      guard KnownEmotions.hasRoom(in: journal) else { return place }
      unsaved.remove(place)
      put(place, &journal)
    }
    return nil
  }
}
