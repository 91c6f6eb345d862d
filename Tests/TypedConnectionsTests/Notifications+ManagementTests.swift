import Delivery
import Memory
import Testing

@testable import TypedConnections

@Suite struct NotificationsManagementTests {
  @Test func connectionsUsersAndWhatIsHeldAreCounted() throws {
    let board = NoticeBoard()
    try board.open(0, "ann")
    try board.open(1, "ann")
    try board.notify("a", "ann")
    let id = try board.notify("b", "ann").id
    try board.notify("c", "bob")
    #expect(board.connections == 2 && board.users == 2 && board.held == 3)
    #expect(board.contains(1) && !board.contains(2))
    board.mark(id, from: 0)
    board.close(0)
    #expect(board.connections == 1 && board.held == 2 && !board.contains(0))
    #expect(board.peaks == [3, 2] && board.capacities == [16, 7])
  }

  @Test func theEnvelopeIsLongEnough() throws {
    let body = #"{"title":"","priority":"urgent"}"#
    let bytes = Array(body.utf8)
    let notice = try Notice.read(bytes.span.raw)
    var writer = ByteWriter(capacity: 1024)
    writer.notification(
      .max, notice, of: bytes.span.raw, at: Moment(monotonic: 0, wall: 253_402_300_799_999))
    #expect(writer.count <= Notifications.envelope)
    let name = ShortText(text: String(repeating: "\"", count: 64))
    writer.removeAll()
    writer.connectionEstablished(
      "notifications", name, stamp: .max, at: Moment(monotonic: 0, wall: 0))
    #expect(writer.count <= Notifications.longestMessage(body: 0))
  }

  @Test func theSumIsThatOfItsParts() {
    let sum = Notifications.byteCount(connections: 10, users: 0, size: 1920)
    #expect(
      sum == KeptMessages.byteCount(users: 11, size: 1920)
        + ConnectionLists.byteCount(connections: 10, owners: 11)
        + 10 * MemoryLayout<NotificationReader>.stride)
    #expect(Notifications.users(30, connections: 10) == 30)
  }
}
