import TestSupport
import Testing

@testable import UserEvents

@Suite struct ListenersTests {
  /// Random coming and going against a dictionary.
  @Test(arguments: 0..<10 as Range<UInt64>) func agreesWithADictionary(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var listeners = Listeners(connections: 10, users: 4)
    var model = [Int: Int]()
    for _ in 0..<1000 {
      let connection = random.below(10)
      if model[connection] == nil {
        let user = random.below(4)
        listeners.add(connection, to: user)
        model[connection] = user
      } else {
        listeners.remove(connection)
        listeners.remove(connection)
        model[connection] = nil
      }
      let count = listeners.count
      #expect(count == model.count)
      for user in 0..<4 {
        var (found, next) = (Set<Int>(), listeners.firstConnection(of: user))
        while let place = next {
          found.insert(place)
          next = listeners.connection(behind: place)
        }
        #expect(found == Set(model.filter { $0.value == user }.keys))
      }
    }
  }
}
