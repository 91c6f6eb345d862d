public import Memory

/// Gathers what has to outlive the process, as records that the host writes to disk a batch at a
/// time.
///
/// A record is known by its key; one that is put again replaces the one before. Tables in memory
/// are the truth, and the records on disk are their image: whoever changes a table puts the record
/// in the same breath. A journal that keeps nothing takes every call and does nothing.
///
/// A batch is a byte of flags, then entries: the operation (1 put, 2 remove, 3 remove all), for the
/// first two the key in 8 bytes, and for a put the kind in one, the length in 4, and the body.
/// Numbers are little-endian.
public struct Journal: ~Copyable {
  /// Flags of a batch: the next one belongs to the same transaction.
  public static let goesOn: UInt8 = 1
  /// Bytes of an entry beside its body.
  public static let entryOverhead = 14

  private enum Operation: UInt8 { case put = 1, remove, removeAll }

  /// Where the body of the next record is put together.
  public var record: ByteWriter
  private var batch: ByteWriter
  /// Whether records are taken at all.
  public private(set) var isKept = false
  /// Whether a record was left out for want of room: the image is no longer whole.
  public private(set) var isTorn = false
  /// Whether a batch is on its way to the disk.
  public private(set) var isInFlight = false
  /// Whether the batch in flight belongs to a transaction that goes on: nothing of it counts yet.
  private(set) var goesOn = false
  private var lastKey: UInt64 = 0

  /// Bytes that it takes.
  public static func byteCount(batchSize: Int, recordSize: Int) -> Int { batchSize + recordSize }

  /// - Parameters:
  ///   - batchSize: bytes that are gathered at most, at least 64.
  ///   - recordSize: bytes of the longest body.
  public init(batchSize: Int = 64, recordSize: Int = 1) {
    precondition(batchSize >= 64 && recordSize > 0)
    record = ByteWriter(capacity: recordSize)
    batch = ByteWriter(capacity: batchSize)
    batch.append(0 as UInt8)
  }

  public mutating func touch() {
    batch.removeAll()
    batch.touch()
    batch.append(0 as UInt8)
    record.touch()
  }

  // MARK: For families

  /// Whether so many records, with bodies of so many bytes together, find room now. Whoever is to
  /// acknowledge something asks before it changes anything.
  public func hasRoom(for records: Int, bytes: Int) -> Bool {
    !isKept || records * Journal.entryOverhead + bytes <= batch.capacity - batch.count
  }

  /// A key that no record has had.
  public mutating func newKey() -> UInt64 {
    lastKey += 1
    return lastKey
  }

  /// Puts down what was put together in `record`, in place of what the key had before, and empties
  /// it.
  public mutating func put(_ kind: RecordKind, key: UInt64) {
    precondition(key > 0 && key <= lastKey)
    defer { record.removeAll() }
    guard isKept else { return }
    guard !record.overflowed, hasRoom(for: 1, bytes: record.count) else {
      isTorn = true
      return
    }
    batch.append(Operation.put.rawValue)
    batch.append(word: key)
    batch.append(kind.rawValue)
    batch.append(word: UInt32(record.count))
    Journal.append(record, to: &batch)
  }

  private static func append(_ record: borrowing ByteWriter, to batch: inout ByteWriter) {
    batch.append(record.bytes)
  }

  /// Takes the record of a key away, if there is one.
  public mutating func remove(key: UInt64) {
    precondition(key > 0 && key <= lastKey)
    guard isKept else { return }
    guard hasRoom(for: 1, bytes: 0) else {
      isTorn = true
      return
    }
    batch.append(Operation.remove.rawValue)
    batch.append(word: key)
  }

  // MARK: For the gateway

  /// Whether nothing was gathered since the last batch.
  public var isEmpty: Bool { batch.count == 1 }

  /// Begins to take records.
  ///
  /// - Parameter isFresh: whether all that is on disk is to go first; all records of all tables
  ///   have to follow.
  public mutating func begin(isFresh: Bool) {
    empty()
    (isKept, isTorn) = (true, false)
    if isFresh { batch.append(Operation.removeAll.rawValue) }
  }

  /// Takes no more records, and forgets those that were gathered: the disk does not take them.
  mutating func end() {
    empty()
    (isKept, isTorn, isInFlight) = (false, false, false)
  }

  private mutating func empty() {
    batch.removeAll()
    batch.append(0 as UInt8)
  }

  /// No key up to this one is given any more: a record has it.
  public mutating func reserve(key: UInt64) { lastKey = max(lastKey, key) }

  /// Hands the batch to `use`, and begins the next one.
  ///
  /// - Parameter goesOn: whether the next one belongs to the same transaction.
  mutating func seal(goesOn: Bool, _ use: (RawSpan) -> Void) {
    precondition(isKept && !isInFlight)
    self.goesOn = goesOn
    if goesOn { batch.replaceFirst(by: Journal.goesOn) }
    use(batch.bytes)
    empty()
    isInFlight = true
  }

  /// The batch is on disk.
  mutating func landed() { isInFlight = false }
}

extension ByteWriter {
  /// Appends a word, its low byte first.
  @inlinable public mutating func append<Word: FixedWidthInteger>(word: Word) {
    var rest = word
    for _ in 0..<MemoryLayout<Word>.size {
      append(UInt8(truncatingIfNeeded: rest))
      rest = Word.bitWidth > 8 ? rest >> 8 : 0
    }
  }

  /// Appends a byte of length and the text.
  public mutating func append(short text: ShortText) {
    append(UInt8(text.bytes.byteCount))
    append(text.bytes)
  }
}
