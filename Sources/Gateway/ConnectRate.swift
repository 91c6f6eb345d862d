import Memory

/// How fast connections may come from one address: a token bucket each, in a table of fixed size
/// that forgets whoever came longest ago.
struct ConnectRate: ~Copyable {
  struct Bucket: Zeroable {
    var address: UInt64
    var hash: UInt32
    /// Milliseconds of the monotonic clock, their low 32 bits.
    var updated: UInt32
    /// Thousandths of a connection that may still come at once.
    var level: Int64
  }

  /// Addresses that are known at once.
  static let capacity = 1024

  private var buckets: FixedArray<Bucket>
  private var index: HashIndex
  /// Those in use, the one that came longest ago first.
  private var recent: IndexSet
  private var used = 0
  /// Connections a second, 0 for no limit.
  private let rate: Int64
  /// Thousandths of a connection.
  private let burst: Int64

  static func byteCount(rate: Int) -> Int {
    let capacity = capacity(rate)
    return capacity * (MemoryLayout<Bucket>.stride + IndexSet.bytesPerIndex)
      + HashIndex.byteCount(capacity: capacity)
  }

  private static func capacity(_ rate: Int) -> Int { rate > 0 ? capacity : 1 }

  init(rate: Int, burst: Int, seed: UInt64) {
    let capacity = ConnectRate.capacity(rate)
    buckets = FixedArray(zeroed: capacity)
    index = HashIndex(capacity: capacity, seed: seed)
    recent = IndexSet(capacity: capacity)
    self.rate = Int64(rate)
    self.burst = Int64(burst) * 1000
  }

  /// Counts one connection; false when it is one too many.
  ///
  /// - Parameter address: IPv4, or the network part of IPv6 (its first 64 bits).
  mutating func allows(_ address: UInt64, at now: UInt64) -> Bool {
    guard rate > 0 else { return true }
    let place = place(of: address, UInt32(truncatingIfNeeded: now))
    recent.remove(place)
    recent.insert(place)
    let elapsed = UInt32(truncatingIfNeeded: now) &- buckets[place].updated
    buckets[place].updated = UInt32(truncatingIfNeeded: now)
    // A thousandth a millisecond for each connection a second.
    let level = min(buckets[place].level + Int64(elapsed) * rate, burst)
    buckets[place].level = level >= 1000 ? level - 1000 : level
    return level >= 1000
  }

  private mutating func place(of address: UInt64, _ now: UInt32) -> Int {
    let hash = index.hash(address)
    var probe = index.probe(hash)
    while let place = index.next(&probe) {
      if buckets[place].address == address { return place }
    }
    let place = freePlace()
    buckets[place] = Bucket(address: address, hash: hash, updated: now, level: burst)
    index.insert(place, hash: hash)
    return place
  }

  private mutating func freePlace() -> Int {
    if used < buckets.count {
      used += 1
      return used - 1
    }
    guard let oldest = recent.popFirst() else { preconditionFailure("a table without room") }
    index.remove(oldest, hash: buckets[oldest].hash)
    return oldest
  }
}
