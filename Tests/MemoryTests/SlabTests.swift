import Memory
import Testing

@Suite struct SlabTests {
  /// Counts how often it is deinitialised.
  private final class Tally { var gone = 0 }
  private struct Guest: ~Copyable {
    let number: Int
    let tally: Tally
    deinit { tally.gone += 1 }
  }

  @Test func placesAreReusedBeforeFreshOnesAreTouched() {
    var slab = Slab<Int>(capacity: 4)
    let places = (0..<3).map { slab.insert($0) }
    #expect(places == [0, 1, 2])
    slab.remove(at: 0)
    slab.remove(at: 2)
    let again = [slab.insert(7), slab.insert(8), slab.insert(9), slab.insert(10)]
    #expect(again == [2, 0, 3, nil])
    #expect(slab.endIndex == 4)
    let isFull = slab.isFull
    #expect(isFull)
    #expect(slab[2] == 7 && slab[0] == 8 && slab[1] == 1 && slab[3] == 9)
  }

  @Test func countAndPeakFollow() {
    var slab = Slab<Int>(capacity: 3)
    _ = slab.insert(1)
    _ = slab.insert(2)
    slab.remove(at: 0)
    #expect(slab.count == 1)
    #expect(slab.peak == 2)
    let there = [-1, 0, 1, 2, 3].map { slab.contains($0) }
    #expect(there == [false, false, true, false, false])
  }

  @Test func anElementIsChangedWhereItLies() {
    var slab = Slab<[Int]>(capacity: 1)
    _ = slab.insert([1])
    slab[0].append(2)
    #expect(slab[0] == [1, 2])
  }

  @Test func everyElementIsDeinitialisedOnce() {
    let tally = Tally()
    do {
      var slab = Slab<Guest>(capacity: 2)
      _ = slab.insert(Guest(number: 0, tally: tally))
      _ = slab.insert(Guest(number: 1, tally: tally))
      let refused = slab.insert(Guest(number: 2, tally: tally))
      #expect(refused == nil)
      #expect(tally.gone == 1)
      slab.remove(at: 0)
      #expect(tally.gone == 2)
    }
    #expect(tally.gone == 3)
  }

  @Test func aPlaceThatIsFreeIsNotGivenBackAgain() async {
    await #expect(processExitsWith: .failure) {
      var slab = Slab<Int>(capacity: 2)
      _ = slab.insert(1)
      slab.remove(at: 0)
      slab.remove(at: 0)
    }
  }
}
