import Testing

@testable import EmotionSync

@Suite struct DevicesTests {
  private func connections(_ devices: borrowing Devices, _ user: Int) -> [Int] {
    var (found, next) = ([Int](), devices.firstConnection(of: user))
    while let connection = next {
      found.append(connection)
      next = devices.connection(behind: connection)
    }
    return found
  }

  @Test func whicheverGoesTheOthersAreFound() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
      var devices = Devices(connections: 4)
      for connection in 0..<3 {
        let isFirst = devices.add(connection, to: 3)
        #expect(isFirst == (connection == 0))
      }
      var left = [2, 1, 0]
      for connection in order {
        let now = connections(devices, 3)
        #expect(now == left)
        left.removeAll { $0 == connection }
        let isLast = devices.remove(connection)
        #expect(isLast == left.isEmpty)
        let user = devices.user(of: connection)
        #expect(user == nil)
      }
      let again = devices.remove(0)
      let count = devices.count
      #expect(!again && count == 0)
    }
  }
}
