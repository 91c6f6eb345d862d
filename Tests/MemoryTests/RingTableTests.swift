import TestSupport
import Testing

@testable import Memory

@Suite struct RingTableTests {
  /// Against arrays, with every fill level and far more turns than a ring is long.
  @Test(arguments: [RingTable<Int>.Layout.ringByRing, .placeByPlace])
  func behavesLikeAnArrayPerRing(_ layout: RingTable<Int>.Layout) {
    var random = SplitMix64(seed: 1)
    var table = RingTable<Int>(rings: 3, capacity: 5, layout: layout)
    var model = [[Int]](repeating: [], count: 3)
    for number in 0..<5_000 {
      let ring = random.below(3)
      switch random.below(4) {
      case 0:
        #expect(table.popFirst(of: ring) == (model[ring].isEmpty ? nil : model[ring].removeFirst()))
      case 1: #expect(table.popLast(of: ring) == model[ring].popLast())
      default:
        let refused = table.push(number, to: ring)
        #expect(refused == (model[ring].count == 5 ? number : nil))
        if refused == nil { model[ring].append(number) }
      }
      for ring in 0..<3 {
        #expect(table.count(of: ring) == model[ring].count)
        for place in model[ring].indices { #expect(table[ring, place] == model[ring][place]) }
      }
    }
  }

  @Test func theLongestRingWraps() {
    var table = RingTable<UInt16>(rings: 1, capacity: Int(UInt16.max), layout: .ringByRing)
    for value in 0..<UInt16.max { #expect(table.push(value, to: 0) == nil) }
    #expect(table.push(1, to: 0) == 1)
    for value in 0..<UInt16.max {
      #expect(table.popFirst(of: 0) == value)
      #expect(table.push(value, to: 0) == nil)
    }
    #expect(table[0, 0] == 0)
    #expect(table[0, Int(UInt16.max) - 1] == UInt16.max - 1)
  }

  /// So that queues which are short never touch more than the first elements, side by side.
  @Test func anEmptyRingBeginsAtItsFirstElement() {
    var table = RingTable<Int>(rings: 100, capacity: 18, layout: .placeByPlace)
    let first = unsafe UInt(bitPattern: table.address(7, 0))
    for turn in 0..<40 {
      _ = table.push(turn, to: 7)
      _ = table.push(turn, to: 8)
      let places = unsafe (table.address(7, 0), table.address(8, 0))
      unsafe #expect(UInt(bitPattern: places.0) == first)
      unsafe #expect(UInt(bitPattern: places.1) == first + 8)
      _ = turn.isMultiple(of: 2) ? table.popFirst(of: 7) : table.popLast(of: 7)
      _ = table.popFirst(of: 8)
    }
  }

  @Test func anElementIsChangedWhereItLies() {
    var table = RingTable<Int>(rings: 2, capacity: 2, layout: .placeByPlace)
    _ = table.push(1, to: 1)
    table[1, 0] += 41
    #expect(table.popFirst(of: 1) == 42)
  }

  @Test func whatIsLeftGoesWithTheTable() {
    final class Guest {}
    weak var guest: Guest?
    do {
      var table = RingTable<Guest>(rings: 2, capacity: 2, layout: .placeByPlace)
      let strong = Guest()
      guest = strong
      _ = table.push(strong, to: 1)
      #expect(guest != nil)
    }
    #expect(guest == nil)
  }
}
