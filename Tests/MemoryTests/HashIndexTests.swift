import Testing

@testable import Memory

@Suite struct HashIndexTests {
  private func find(_ key: UInt64, _ keys: [UInt64], _ index: borrowing HashIndex) -> Int? {
    var probe = index.probe(index.hash(key))
    while let place = index.next(&probe) {
      if keys[place] == key { return place }
    }
    return nil
  }

  @Test func findsWhatItHoldsAndNothingElse() {
    var index = HashIndex(capacity: 100, seed: 7)
    let keys = (0..<100).map { UInt64($0) * 977 }
    for place in keys.indices { index.insert(place, hash: index.hash(keys[place])) }
    for place in keys.indices {
      let found = find(keys[place], keys, index)
      #expect(found == place)
    }
    let missing = find(1, keys, index)
    #expect(missing == nil)
  }

  /// Random insertions and removals against a dictionary.
  @Test(arguments: 0..<20 as Range<UInt64>) func agreesWithADictionary(_ seed: UInt64) {
    var state = seed &+ 1
    func random() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    var index = HashIndex(capacity: 16, seed: seed)
    var keys = [UInt64](repeating: 0, count: 16)
    var model: [UInt64: Int] = [:]
    for _ in 0..<2_000 {
      let key = random() % 24
      if let place = model[key] {
        index.remove(place, hash: index.hash(key))
        model[key] = nil
      } else if model.count < 16 {
        let place = (0..<16).first { place in !model.values.contains(place) }!
        keys[place] = key
        index.insert(place, hash: index.hash(key))
        model[key] = place
      }
      for key in 0..<24 as Range<UInt64> {
        let found = find(key, keys, index)
        #expect(found == model[key])
      }
    }
    let count = index.count
    #expect(count == model.count)
  }

  @Test func hashesBytesUnderItsSeed() {
    let one = HashIndex(capacity: 1, seed: 1)
    let other = HashIndex(capacity: 1, seed: 2)
    let key: StaticString = "a key"
    let (first, again, second) = (one.hash(key.bytes), one.hash(key.bytes), other.hash(key.bytes))
    #expect(first == again)
    #expect(first != second)
  }
}
