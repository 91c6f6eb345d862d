import TestSupport
import Testing

@testable import TypedConnections

@Suite struct NotificationsReplayTests {
  @Test func unreadOnesComeInOrderAndLiveOnesBehindThem() throws {
    var numbers = NoticeBoard.Numbers()
    numbers.places = 2
    let board = NoticeBoard(numbers)
    let long = String(repeating: "x", count: 130)
    for place in 0..<5 { try board.notify("\(place)\(long)", "ann") }
    try board.open(0, "ann")
    #expect(board.isWaiting(0))
    #expect(try board.notify("live", "ann").delivered == 1)
    let titles = try board.drain(0).map { $0.prefix { $0 != "x" } }
    #expect(titles == ["1", "2", "3", "4", "live"] || titles == ["0", "1", "2", "3", "4", "live"])
    #expect(!board.isWaiting(0) && !board.isOverfull(0))
    #expect(try board.notify("again", "ann").delivered == 1)
  }

  @Test func whoTakesNothingNowGetsTheRestLater() throws {
    let board = NoticeBoard()
    try board.open(0, "ann")
    try board.open(1, "ann")
    board.block(0)
    let ids = try ["a", "b", "c"].map { title in
      let published = try board.notify(title, "ann")
      #expect(published.delivered == 2)
      return published.id
    }
    #expect(board.isWaiting(0))
    board.mark(ids[1], from: 1)
    #expect(try board.events(1) == ["a", "b", "c", "read \(ids[1])"])
    board.unblock(0)
    #expect(try board.events(0) == ["read \(ids[1])"])
    board.resume(0)
    #expect(try board.events(0) == ["a", "c"])
    try board.notify("d", "ann")
    #expect(try board.events(0) == ["d"])
  }

  @Test func whatExpiresMeanwhileIsSimplyGone() throws {
    let board = NoticeBoard()
    try board.open(0, "ann")
    board.block(0)
    try board.notify("old", "ann")
    board.pass(40_000)
    try board.notify("new", "ann")
    board.pass(30_000)
    board.unblock(0)
    board.resume(0)
    #expect(try board.events(0) == ["new"])
    #expect(!board.isOverfull(0))
  }

  /// Everything at random: each connection has to get what is unread, each once, in order, and
  /// nothing that was read before.
  @Test(arguments: 1...20) func nothingIsLostAndNothingComesTwice(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var numbers = NoticeBoard.Numbers()
    (numbers.perUser, numbers.size, numbers.places) = (1000, 2000 * 192, 4)
    numbers.lifetime = 1 << 40
    var board = NoticeBoard(numbers)
    /// Per user: ids of what is unread.
    var unread: [String: [UInt64]] = [:]
    /// Per connection: its user, and the ids that it got.
    var users: [Int: String] = [:]
    var got: [Int: [UInt64]] = [:]

    func take(_ connection: Int) throws {
      for object in try board.take(connection) {
        if let id = object["id"] as? UInt64 { got[connection, default: []].append(id) }
      }
    }
    func check(_ connection: Int, _ message: Comment) {
      let (mine, ids) = (unread[users[connection]!, default: []], got[connection, default: []])
      #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 }, message)
      #expect(Set(mine).isSubset(of: ids), message)
    }
    for round in 0..<800 {
      let connection = random.below(6)
      guard let user = users[connection] else {
        let user = "u\(random.below(3))"
        (users[connection], got[connection]) = (user, [])
        try board.open(connection, user)
        continue
      }
      switch random.below(12) {
      case 0:
        board.close(connection)
        (users[connection], got[connection]) = (nil, nil)
      case 1: board.block(connection)
      case 2, 3:
        board.unblock(connection)
        try take(connection)
        board.resume(connection)
      case 4, 5:
        if let ids = unread[user], !ids.isEmpty {
          let id = ids[random.below(ids.count)]
          board.mark(id, from: connection)
          unread[user]!.removeAll { $0 == id }
        }
      case 6: board.flush()
      case 7 where random.below(20) == 0:
        for connection in users.keys { board.close(connection) }
        board.flush()
        board = board.restarted(firstID: UInt64(10_000 * (round + 1)))
        (users, got) = ([:], [:])
      default:
        let other = "u\(random.below(4))"
        unread[other, default: []].append(try board.notify("\(round)", other).id)
      }
      for connection in users.keys where board.isOverfull(connection) {
        // The gateway closes it, and it comes again.
        board.close(connection)
        users[connection] = nil
      }
    }
    for connection in users.keys {
      board.unblock(connection)
      repeat {
        try take(connection)
        board.resume(connection)
        try take(connection)
      } while board.isWaiting(connection)
      check(connection, "connection \(connection)")
    }
    #expect(board.held == unread.values.reduce(0) { $0 + $1.count })
    for (user, ids) in unread {
      for connection in users.keys { board.close(connection) }
      users = [:]
      try board.open(0, user)
      got[0] = []
      repeat {
        try take(0)
        board.resume(0)
        try take(0)
      } while board.isWaiting(0)
      #expect(got[0] == ids)
      board.close(0)
    }
    #expect(board.slotsInUse == 0)
  }
}
