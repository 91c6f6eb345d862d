import Delivery
import TestSupport
import Testing

@testable import TypedConnections

@Suite struct NotificationsTests {
  @Test func theGreetingComesFirst() throws {
    let board = NoticeBoard()
    try board.notify("a", "7")
    try board.open(0, "7", isGreeted: true)
    let texts = try board.texts(0)
    #expect(
      texts.first == #"{"type":"connection_established","connection_id":"notifications_7_42","#
        + #""connection_type":"notifications","user_id":"7","#
        + #""timestamp":"2025-07-10T10:30:00.000Z"}"#)
    #expect(
      texts.dropFirst() == [
        #"{"type":"notification","id":1000,"title":"a","message":"","priority":"normal","#
          + #""timestamp":"2025-07-10T10:30:00.000Z"}"#
      ])
  }

  @Test func pingIsAnsweredAndPongIsNot() throws {
    let board = NoticeBoard()
    try board.open(0, "ann")
    for type in ["pong", "ping"] { board.send(#"{"type":"\#(type)"}"#, from: 0) }
    #expect(try board.events(0) == ["pong"] && board.step == .stay)
  }

  @Test func aConnectionOfAnotherFamilyIsNoneOfOurs() {
    let board = NoticeBoard()
    board.send(#"{"type":"ping"}"#, from: 0)
    #expect(board.step == .close(.internalError) && !board.contains(0))
  }

  @Test func aMessageThatCameTooFastIsAnsweredSo() throws {
    let board = NoticeBoard()
    try board.open(0, "ann")
    board.refuse(0)
    let text = "\(NotificationRefusal.tooFast.text)"
    #expect(try board.take(0).first?["message"] as? String == text)
  }

  // MARK: Read

  @Test func whatWasReadIsToldToAllOfTheUsersConnectionsAndGone() throws {
    let board = NoticeBoard()
    try board.open(0, "ann")
    try board.open(1, "ann")
    try board.open(2, "bob")
    let ids = try ["a", "b", "c"].map { try board.notify($0, "ann").id }
    for connection in 0...1 { #expect(try board.events(connection) == ["a", "b", "c"]) }
    board.mark(ids[1], from: 1)
    for connection in 0...1 { #expect(try board.events(connection) == ["read \(ids[1])"]) }
    #expect(try board.events(2) == [])
    try board.open(3, "ann")
    #expect(try board.events(3) == ["a", "c"])
    board.flush()
    #expect(board.recorded("ann") == 2 && board.held == 2)
  }

  @Test func anUnknownIDChangesNothingWhoseverItIs() throws {
    let board = NoticeBoard()
    try board.open(0, "ann")
    try board.open(1, "bob")
    let id = try board.notify("a", "ann").id
    _ = try board.take(0)
    for (connection, other) in [(1, id), (1, id + 1), (0, id + 1), (0, 0)] {
      board.mark(other, from: connection)
      let answers = try board.take(connection)
      #expect(answers.count == 1 && answers.first?["type"] as? String == "error")
      let text = "\(NotificationRefusal.unknownID.text)"
      #expect(answers.first?["message"] as? String == text)
    }
    board.mark(id, from: 0)
    board.mark(id, from: 0)
    #expect(try board.events(0) == ["read \(id)", "error"])
    #expect(try board.events(1) == [] && board.held == 0)
  }

  @Test func aRefusedMessageChangesNothing() throws {
    let board = NoticeBoard()
    try board.open(0, "ann")
    try board.notify("a", "ann")
    _ = try board.take(0)
    for text in ["{", "{}", #"{"type":"x"}"#, #"{"type":"mark_notification_read"}"#] {
      board.send(text, from: 0)
      #expect(try board.events(0) == ["error"])
    }
    #expect(board.held == 1)
  }

  @Test func whoeverIsToldOfTheReadingIsToldWhenItIsOnDisk() throws {
    let board = NoticeBoard()
    try board.open(0, "ann")
    try board.open(1, "ann")
    let id = try board.notify("a", "ann").id
    for connection in 0...1 {
      _ = try board.take(connection)
      #expect(!board.isHeld(connection))
    }
    board.mark(id, from: 0)
    for connection in 0...1 {
      #expect(board.isHeld(connection) && board.free(connection) == 0)
    }
    board.seal()
    #expect(board.isHeld(0))
    board.land()
    for connection in 0...1 {
      #expect(!board.isHeld(connection))
      #expect(try board.events(connection) == ["read \(id)"])
    }
    #expect(board.records.isEmpty)
  }

  @Test func withoutRoomForTheRecordNothingIsRead() throws {
    var numbers = NoticeBoard.Numbers()
    (numbers.batchSize, numbers.perUser, numbers.size) = (1024, 200, 200 * 192)
    numbers.places = 300
    let board = NoticeBoard(numbers)
    // More than a batch takes, at 9 bytes each.
    let ids = try (0..<130).map { place in
      defer { board.flush() }
      return try board.notify("\(place)", "ann").id
    }
    try board.open(0, "ann")
    #expect(try board.drain(0).count == 130)
    for id in ids { board.mark(id, from: 0) }
    let answers = try board.events(0)
    let refused = answers.count { $0 == "error" }
    #expect(refused > 0 && refused < 130 && board.held == refused)
    for id in ids.suffix(refused) { board.mark(id, from: 0) }
    #expect(try board.events(0) == ids.suffix(refused).map { "read \($0)" })
    board.flush()
    #expect(board.held == 0 && board.records.isEmpty)
  }

  // MARK: Age and records

  @Test func whatIsTooOldIsGone() throws {
    let board = NoticeBoard()
    #expect(board.wakeUp == nil)
    try board.notify("old", "ann")
    board.pass(40_000)
    try board.notify("new", "ann")
    #expect(board.wakeUp == 70_000)
    board.pass(30_000)
    try board.open(0, "ann")
    #expect(try board.events(0) == ["new"])
    board.pass(40_000)
    #expect(board.held == 0 && board.wakeUp == nil)
    board.flush()
    #expect(board.records.isEmpty)
  }

  @Test func whatIsUnreadOutlivesTheProcess() throws {
    let board = NoticeBoard()
    let ids = try ["a", "b", "c"].map { try board.notify($0, "ann").id }
    try board.notify("other", "bob")
    try board.open(0, "ann")
    let texts = try board.texts(0)
    board.mark(ids[1], from: 0)
    board.flush()
    let again = board.restarted()
    try again.open(0, "ann")
    #expect(try again.texts(0) == [texts[0], texts[2]])
    #expect(try again.notify("d", "ann").id == 5000)
    again.mark(ids[1], from: 0)
    again.mark(ids[0], from: 0)
    #expect(try again.events(0) == ["d", "error", "read \(ids[0])"])
    again.flush()
    #expect(again.recorded("ann") == 2 && again.recorded("bob") == 1)
  }

  @Test func idsStayAheadOfWhatAnEarlierRunKept() throws {
    let board = NoticeBoard()
    let last = try board.notify("a", "ann").id
    board.flush()
    let again = board.restarted(firstID: 10)
    #expect(try again.notify("b", "bob").id == last + 1)
    #expect(try again.notify("c", "ann").id == last + 2)
  }

  @Test func whatHasGrownOldMeanwhileIsGone() throws {
    let board = NoticeBoard()
    try board.notify("a", "ann")
    board.flush()
    board.now.wall += 50_000
    let again = board.restarted()
    #expect(again.held == 1 && again.wakeUp == 10_003)
    again.pass(10_000)
    #expect(again.held == 0)
    // A clock that was set back makes nothing younger than new.
    board.now.wall -= 100_000
    #expect(board.restarted().wakeUp == 60_003)
  }

  @Test func aRecordOfEveryCutIsRefusedOrWhole() throws {
    let board = NoticeBoard()
    try board.notify("a", "ann")
    board.flush()
    let (key, record) = try #require(board.records.first.map { ($0.key, $0.value) })
    let fresh = NoticeBoard()
    for length in 0..<record.body.count {
      // What is cut within the text is a shorter text: the disk's checksums see to that.
      let isTaken = fresh.restore(record.kind, key, Array(record.body.prefix(length)))
      if isTaken { #expect(fresh.held == 1) } else { #expect(fresh.held == 0) }
      if isTaken { break }
    }
    for kind in RecordKind.allCases where kind != .notification {
      #expect(!NoticeBoard().restore(kind.rawValue, key, record.body))
    }
  }

  @Test func allIsPutDownAnewInAsManyBatchesAsItTakes() throws {
    var numbers = NoticeBoard.Numbers()
    numbers.batchSize = 1024
    let board = NoticeBoard(numbers)
    for place in 0..<10 {
      try board.notify("\(place)", "u\(place % 3)")
      board.flush()
    }
    let before = board.records.mapValues { $0.body }
    let batches = board.rewrite()
    #expect(batches > 1 && board.records.mapValues { $0.body } == before)
    #expect(board.records.count == 10)
  }
}
