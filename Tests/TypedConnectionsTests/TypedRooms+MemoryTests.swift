import Attendance
import Memory
import Testing

@testable import TypedConnections

@Suite struct TypedRoomsMemoryTests {
  @Test func theLongestAnswerIsLongEnough() throws {
    let name = String(repeating: "\"", count: 64)
    let maximum = 2000
    let parlour = Parlour(messageMaximum: maximum, slots: 100)
    parlour.open(0, name, name: name, chat: name)
    let head = #"{"type":"send_message","message":""#
    let content = String(repeating: "x", count: maximum - head.utf8.count - 2)
    parlour.send(head + content + #""}"#, from: 0)
    #expect(!parlour.isFaulty(0))
    #expect(try parlour.take(0).last?["message"] as? String == content)
  }

  @Test func theSumIsThatOfItsParts() {
    let sum = TypedRooms.byteCount(
      connections: 10, rooms: 4, membersPerRoom: 3, roomsPerConnection: 2)
    let attendance = Attendance.byteCount(
      connections: 10, rooms: 4, presences: 12, memberships: 20)
    #expect(sum == attendance + 10 * (1 + MemoryLayout<ShortText>.stride) + 12 * 8)
  }
}
