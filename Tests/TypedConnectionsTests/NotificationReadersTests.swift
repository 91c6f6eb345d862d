import TestSupport
import Testing

@testable import TypedConnections

@Suite struct NotificationReadersTests {
  private func connections(_ readers: borrowing NotificationReaders, _ user: Int) -> [Int] {
    var (found, next) = ([Int](), readers.firstConnection(of: user))
    while let connection = next {
      found.append(connection)
      next = readers.connection(behind: connection)
    }
    return found
  }

  @Test func theConnectionsOfAUserAreFoundWhoeverGoes() {
    var random = SplitMix64(seed: 4)
    var readers = NotificationReaders(connections: 8, users: 3)
    var lists: [[Int]] = [[], [], []]
    for _ in 0..<500 {
      let connection = random.below(8)
      if let user = lists.firstIndex(where: { $0.contains(connection) }) {
        readers.remove(connection)
        lists[user].removeAll { $0 == connection }
      } else {
        let user = random.below(3)
        readers.add(connection, to: user)
        lists[user].insert(connection, at: 0)
        readers[connection].isBehind = true
        readers[connection].seen = 9
      }
      for user in 0..<3 {
        let found = connections(readers, user)
        #expect(found == lists[user])
        for connection in found {
          let owner = readers.user(of: connection)
          #expect(owner == user)
        }
      }
      let count = readers.count
      #expect(count == lists.reduce(0) { $0 + $1.count })
    }
  }

  @Test func whoComesAnewHasSeenNothing() {
    var readers = NotificationReaders(connections: 2, users: 1)
    readers.add(1, to: 0)
    readers[1].isBehind = true
    readers[1].seen = 7
    readers.remove(1)
    readers.remove(1)
    readers.add(1, to: 0)
    let (isBehind, seen, count) = (readers[1].isBehind, readers[1].seen, readers.count)
    #expect(!isBehind && seen == 0 && count == 1)
  }
}
