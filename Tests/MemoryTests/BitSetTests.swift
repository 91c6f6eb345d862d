import Memory
import TestSupport
import Testing

@Suite struct BitSetTests {
  @Test func behavesLikeASet() {
    var random = SplitMix64(seed: 3)
    var set = BitSet(capacity: 130)
    var model: Set<Int> = []
    for _ in 0..<5_000 {
      let index = random.below(130)
      if random.below(2) == 0 {
        set.insert(index)
        model.insert(index)
      } else {
        set.remove(index)
        model.remove(index)
      }
      let asked = random.below(130)
      let (contains, next) = (set.contains(asked), set.first(from: asked))
      #expect(contains == model.contains(asked))
      #expect(next == model.filter { $0 >= asked }.min())
    }
    let found = (0..<130).filter { set.contains($0) }
    #expect(found == model.sorted())
  }

  @Test(arguments: [(1, 8), (64, 8), (65, 16), (10_016, 1256)])
  func eachTakesABit(capacity: Int, bytes: Int) {
    #expect(BitSet.byteCount(capacity: capacity) == bytes)
  }

  @Test func anIndexBeyondTheCapacityIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var set = BitSet(capacity: 65)
      set.insert(65)
    }
  }
}
