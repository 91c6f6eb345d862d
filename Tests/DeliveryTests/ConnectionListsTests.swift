import TestSupport
import Testing

@testable import Delivery

@Suite struct ConnectionListsTests {
  private func connections(_ lists: borrowing ConnectionLists, _ owner: Int) -> [Int] {
    var (found, next) = ([Int](), lists.first(of: owner))
    while let connection = next {
      found.append(connection)
      next = lists.connection(behind: connection)
    }
    return found
  }

  /// Random coming and going against arrays.
  @Test(arguments: 0..<10 as Range<UInt64>)
  func theConnectionsOfAnOwnerAreFoundWhoeverGoes(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var lists = ConnectionLists(connections: 8, owners: 3)
    var model: [[Int]] = [[], [], []]
    for _ in 0..<500 {
      let connection = random.below(8)
      if let owner = model.firstIndex(where: { $0.contains(connection) }) {
        let (left, again) = (lists.remove(connection), lists.remove(connection))
        #expect(left == owner && again == nil)
        model[owner].removeAll { $0 == connection }
      } else {
        let owner = random.below(3)
        lists.add(connection, to: owner)
        model[owner].insert(connection, at: 0)
      }
      for owner in 0..<3 {
        let (found, size) = (connections(lists, owner), lists.count(of: owner))
        #expect(found == model[owner] && size == found.count)
      }
      for connection in 0..<8 {
        let owner = lists.owner(of: connection)
        #expect(owner == model.firstIndex { $0.contains(connection) })
      }
      let count = lists.count
      #expect(count == model.reduce(0) { $0 + $1.count })
    }
  }
}
