import Testing

@testable import TypedConnections

@Suite struct NotificationsPublishingTests {
  @Test func allConnectionsOfTheUserGetItAndNobodyElses() throws {
    let board = NoticeBoard()
    try board.open(0, "ann")
    try board.open(1, "ann")
    try board.open(2, "bob")
    let published = try board.publish(
      #"{"type":"x","title":"t","message":"m","priority":"high","more":1}"#, to: "ann")
    #expect(published == PublishedNotice(id: 1000, delivered: 2))
    let texts = try board.texts(0)
    #expect(
      texts == [
        #"{"type":"notification","id":1000,"title":"t","message":"m","priority":"high","#
          + #""timestamp":"2025-07-10T10:30:00.000Z"}"#
      ])
    #expect(try board.texts(1) == texts && board.texts(2) == [])
  }

  @Test func idsGrowOverAllUsers() throws {
    let board = NoticeBoard()
    let users = ["ann", "bob", "ann", "cid", "bob"]
    let ids = try users.map { try board.notify("x", $0).id }
    #expect(ids == [1000, 1001, 1002, 1003, 1004])
    #expect(try board.notify("x", "ann").delivered == 0)
  }

  @Test func soManyAreKeptOfOneUserTheOldestGoFirst() throws {
    let board = NoticeBoard()
    for title in ["a", "b", "c", "d", "e", "f", "g"] { try board.notify(title, "ann") }
    try board.notify("x", "bob")
    try board.open(0, "ann")
    try board.open(1, "bob")
    #expect(try board.drain(0) == ["c", "d", "e", "f", "g"])
    #expect(try board.drain(1) == ["x"])
    board.flush()
    #expect(board.records.count == 6)
  }

  @Test func whatIsTooLongIsRefusedAndChangesNothing() throws {
    var numbers = NoticeBoard.Numbers()
    numbers.size = 4 * 192
    let board = NoticeBoard(numbers)
    try board.open(0, "ann")
    for length in [1000, 2500] {
      #expect(throws: NoticeError.size) {
        try board.notify(String(repeating: "x", count: length), "ann")
      }
    }
    #expect(board.held == 0)
    #expect(try board.notify("a", "ann").id == 1000)
    #expect(try board.events(0) == ["a"])
  }

  @Test func withoutRoomInTheJournalItIsToComeAgain() throws {
    var numbers = NoticeBoard.Numbers()
    numbers.batchSize = 1600
    let board = NoticeBoard(numbers)
    #expect(board.canPublish(20) && !board.canPublish(2000))
    var count = 0
    while board.canPublish(20), count < 100 {
      try board.notify("x", "ann")
      count += 1
    }
    let held = board.held
    #expect(count > 0 && count < 100)
    #expect(throws: NoticeError.busy) { try board.notify("01234567890", "ann") }
    #expect(board.held == held)
    board.flush()
    try board.notify("01234567890", "ann")
  }

  @Test func withoutAJournalAllIsTheSameInMemory() throws {
    var numbers = NoticeBoard.Numbers()
    (numbers.isKept, numbers.batchSize) = (false, 64)
    let board = NoticeBoard(numbers)
    let id = try board.notify("a", "ann").id
    try board.open(0, "ann")
    board.mark(id, from: 0)
    #expect(!board.isHeld(0))
    #expect(try board.events(0) == ["a", "read \(id)"])
  }

  // MARK: To everyone

  @Test func eachUserWithAConnectionGetsOneOfTheirOwn() throws {
    let board = NoticeBoard()
    try board.notify("away", "cid")
    try board.open(0, "ann")
    try board.open(1, "ann")
    try board.open(2, "bob")
    #expect(try board.notifyAll("all") == NoticeSlice(next: nil, delivered: 3))
    let ids = try (0...2).map { try board.take($0).first?["id"] as? UInt64 }
    #expect(ids[0] == ids[1] && ids[0] != ids[2])
    board.mark(try #require(ids[0]), from: 0)
    try board.open(3, "ann")
    try board.open(4, "bob")
    try board.open(5, "cid")
    #expect(try board.events(3) == [] && board.events(4) == ["all"])
    #expect(try board.events(5) == ["away"])
  }

  @Test func manyUsersTakeSeveralCalls() throws {
    var numbers = NoticeBoard.Numbers()
    (numbers.connections, numbers.size) = (100, 200 * 192)
    let board = NoticeBoard(numbers)
    for connection in 0..<100 { try board.open(connection, "u\(connection)") }
    var (slices, delivered, cursor) = (0, 0, 0)
    while true {
      let slice = try board.notifyAll("all", from: cursor)
      delivered += slice.delivered
      slices += 1
      guard let next = slice.next else { break }
      #expect(next > cursor && slice.delivered <= 32)
      cursor = next
    }
    #expect(delivered == 100 && slices == 4)
    for connection in 0..<100 { #expect(try board.events(connection) == ["all"]) }
  }

  @Test func aSliceWaitsForRoomInTheJournal() throws {
    var numbers = NoticeBoard.Numbers()
    numbers.batchSize = 1100
    let board = NoticeBoard(numbers)
    for connection in 0..<6 { try board.open(connection, "u\(connection)") }
    var (slices, delivered, cursor) = (0, 0, 0)
    while slices < 20 {
      let slice = try board.notifyAll("all", from: cursor)
      delivered += slice.delivered
      slices += 1
      guard let next = slice.next else { break }
      cursor = next
      board.flush()
    }
    #expect(delivered == 6 && slices > 1)
    for connection in 0..<6 { #expect(try board.events(connection) == ["all"]) }
  }

  @Test func anEmptyHouseIsSoonDone() throws {
    #expect(try NoticeBoard().notifyAll("all") == NoticeSlice(next: nil, delivered: 0))
  }
}
