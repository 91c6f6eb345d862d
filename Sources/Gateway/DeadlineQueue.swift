import Memory

/// For each place at most one deadline, and the earliest of them first (a binary heap).
struct DeadlineQueue: ~Copyable {
  /// Places, the earliest first; a parent at n is no later than those at 2n + 1 and 2n + 2.
  private var heap: FixedArray<UInt32>
  /// Per place: where it stands in the heap, or `absent`.
  private var positions: FixedArray<UInt32>
  private var deadlines: FixedArray<UInt64>
  private(set) var count = 0

  private static var absent: UInt32 { .max }

  /// Bytes for each place.
  static var bytesPerPlace: Int { 2 * MemoryLayout<UInt32>.stride + MemoryLayout<UInt64>.stride }

  init(capacity: Int) {
    heap = FixedArray(zeroed: capacity)
    positions = FixedArray(repeating: DeadlineQueue.absent, count: capacity)
    deadlines = FixedArray(zeroed: capacity)
  }

  /// The earliest deadline, in the unit that was put in.
  var first: UInt64? { count > 0 ? deadlines[Int(heap[0])] : nil }

  /// Makes sure that `place` comes up at `deadline` at the latest: an earlier one stays.
  @_optimize(speed)
  mutating func require(_ place: Int, by deadline: UInt64) {
    let position = positions[place]
    if position == DeadlineQueue.absent {
      deadlines[place] = deadline
      put(UInt32(place), at: count)
      count += 1
      rise(count - 1)
    } else if deadline < deadlines[place] {
      deadlines[place] = deadline
      rise(Int(position))
    }
  }

  /// Takes out a place whose deadline is `now` or earlier.
  @_optimize(speed)
  mutating func popDue(_ now: UInt64) -> Int? {
    guard count > 0, deadlines[Int(heap[0])] <= now else { return nil }
    let place = Int(heap[0])
    remove(place)
    return place
  }

  mutating func remove(_ place: Int) {
    let position = positions[place]
    guard position != DeadlineQueue.absent else { return }
    positions[place] = DeadlineQueue.absent
    count -= 1
    guard Int(position) < count else { return }
    put(heap[count], at: Int(position))
    rise(Int(position))
    sink(Int(position))
  }

  @_optimize(speed)
  private mutating func put(_ place: UInt32, at position: Int) {
    heap[position] = place
    positions[Int(place)] = UInt32(position)
  }

  @_optimize(speed)
  private mutating func rise(_ start: Int) {
    let place = heap[start]
    var position = start
    while position > 0 {
      let parent = (position - 1) / 2
      guard deadlines[Int(heap[parent])] > deadlines[Int(place)] else { break }
      put(heap[parent], at: position)
      position = parent
    }
    put(place, at: position)
  }

  @_optimize(speed)
  private mutating func sink(_ start: Int) {
    let place = heap[start]
    var position = start
    while true {
      var child = 2 * position + 1
      guard child < count else { break }
      if child + 1 < count, deadlines[Int(heap[child + 1])] < deadlines[Int(heap[child])] {
        child += 1
      }
      guard deadlines[Int(heap[child])] < deadlines[Int(place)] else { break }
      put(heap[child], at: position)
      position = child
    }
    put(place, at: position)
  }
}
