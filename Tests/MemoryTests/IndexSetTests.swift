import Memory
import TestSupport
import Testing

@Suite struct IndexSetTests {
  @Test func behavesLikeAQueueWithoutRepetition() {
    var random = SplitMix64(seed: 2)
    var set = IndexSet(capacity: 7)
    var model: [Int] = []
    for _ in 0..<5_000 {
      let index = random.below(7)
      switch random.below(5) {
      case 0: #expect(set.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
      case 1:
        set.remove(index)
        model.removeAll { $0 == index }
      default:
        set.insert(index)
        if !model.contains(index) { model.append(index) }
      }
      #expect(set.count == model.count)
      let first = set.firstMember
      #expect(first == model.first)
      let isEmpty = set.isEmpty
      #expect(isEmpty == model.isEmpty)
      for index in 0..<7 {
        let contains = set.contains(index)
        #expect(contains == model.contains(index))
      }
    }
    while let index = set.popFirst() { #expect(index == model.removeFirst()) }
    #expect(model.isEmpty)
  }

  @Test func anIndexBeyondTheCapacityIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var set = IndexSet(capacity: 2)
      set.insert(2)
    }
  }
}
