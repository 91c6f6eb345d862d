/// Finds the elements of a table by the hash of their keys: open addressing with linear probing, in
/// one allocation made at start.
///
/// It holds the places of elements and no keys: who asks compares the keys of the candidates. The
/// hash is the standard library's SipHash under a secret seed, so that no peer can choose keys that
/// collide.
@safe public struct HashIndex: ~Copyable {
  /// The place is counted from 1: a cell of zeros is empty.
  private struct Entry { var hash: UInt32, number: UInt32 }

  /// Where a search stands.
  public struct Probe {
    fileprivate let hash: UInt32
    fileprivate var cell: Int
  }

  private let cells: UnsafeMutablePointer<Entry>
  private let mask: Int
  private let seed: UInt64
  public let capacity: Int
  public private(set) var count = 0

  private static func cellCount(_ capacity: Int) -> Int {
    var count = 4
    while count < 2 * capacity { count *= 2 }
    return count
  }

  /// Bytes for so many elements.
  public static func byteCount(capacity: Int) -> Int {
    cellCount(capacity) * MemoryLayout<Entry>.stride
  }

  /// - Parameters:
  ///   - capacity: elements, 1 to 2^28.
  ///   - seed: random, and known to no peer.
  public init(capacity: Int, seed: UInt64) {
    precondition(capacity > 0 && capacity <= 1 << 28)
    self.capacity = capacity
    self.seed = seed
    let count = HashIndex.cellCount(capacity)
    mask = count - 1
    unsafe cells = takeZeroed(count, of: Entry.self)
  }

  deinit { unsafe giveBackZeroed(cells, mask + 1) }

  public func hash(_ key: RawSpan) -> UInt32 {
    var hasher = Hasher()
    hasher.combine(seed)
    unsafe key.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    return UInt32(truncatingIfNeeded: hasher.finalize())
  }

  public func hash(_ key: UInt64) -> UInt32 {
    var hasher = Hasher()
    hasher.combine(seed)
    hasher.combine(key)
    return UInt32(truncatingIfNeeded: hasher.finalize())
  }

  /// Begins a search for the elements with this hash.
  public func probe(_ hash: UInt32) -> Probe { Probe(hash: hash, cell: home(of: hash)) }

  /// Where the search for a hash begins. On a 32-bit board half of all hashes are beyond `Int.max`.
  private func home(of hash: UInt32) -> Int { Int(truncatingIfNeeded: hash) & mask }

  /// The place of the next element with the hash, nil behind the last.
  public func next(_ probe: inout Probe) -> Int? {
    while true {
      let entry = unsafe cells[probe.cell]
      guard entry.number != 0 else { return nil }
      probe.cell = (probe.cell + 1) & mask
      if entry.hash == probe.hash { return Int(entry.number) - 1 }
    }
  }

  /// Adds the element at `place`; there must be room.
  public mutating func insert(_ place: Int, hash: UInt32) {
    precondition(count < capacity && place >= 0 && place < UInt32.max)
    var cell = home(of: hash)
    while unsafe cells[cell].number != 0 { cell = (cell + 1) & mask }
    unsafe cells[cell] = Entry(hash: hash, number: UInt32(place) + 1)
    count += 1
  }

  /// Takes out the element at `place`, which must be there under this hash.
  public mutating func remove(_ place: Int, hash: UInt32) {
    var hole = home(of: hash)
    while unsafe cells[hole].number != UInt32(place) + 1 {
      precondition(unsafe cells[hole].number != 0, "no such element")
      hole = (hole + 1) & mask
    }
    // Those behind that would not be found across the hole move into it (Knuth, 6.4, R).
    var cell = hole
    while true {
      cell = (cell + 1) & mask
      let entry = unsafe cells[cell]
      guard entry.number != 0 else { break }
      let home = self.home(of: entry.hash)
      guard (cell - home) & mask >= (cell - hole) & mask else { continue }
      unsafe cells[hole] = entry
      hole = cell
    }
    unsafe cells[hole] = Entry(hash: 0, number: 0)
    count -= 1
  }
}
