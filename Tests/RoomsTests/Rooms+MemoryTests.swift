import Attendance
import Memory
import Testing

@testable import Rooms

@Suite struct RoomsMemoryTests {
  @Test func theLongestAnswerIsLongEnough() throws {
    let name = String(repeating: "\"", count: 64)
    let maximum = 2000
    let hall = Hall(
      connections: 20, members: 20, messageMaximum: maximum, places: 60, slots: 2000)
    for connection in 0..<20 {
      let id = String(UnicodeScalar(UInt8(65 + connection))) + name.dropFirst()
      hall.open(connection, id, name: name, room: name)
    }
    let list = try #require(try hall.take(19).last)
    #expect((list["data"] as? [String])?.count == 20)
    let escaped = String(repeating: #"\""#, count: 64)
    let content = String(repeating: "x", count: maximum - 200)
    hall.say(content, in: escaped, 0)
    #expect(try hall.take(5).last?["content"] as? String == content)
  }

  @Test func oneMessageIsHeldHoweverSmallTheHistory() throws {
    let hall = Hall(history: 3, historySize: 1, messageMaximum: 2000)
    hall.open(0, "ann", room: "a")
    hall.say(String(repeating: "x", count: 1900), in: "a", 0)
    hall.open(1, "bob", room: "a", since: Hall.startedAt - 1)
    #expect(try hall.drain(1).last?["type"] as? String == "message")
    #expect(hall.historyCapacity >= 2000)
  }

  @Test func theSumIsThatOfItsParts() {
    func sum(history: Int, size: Int) -> Int {
      Rooms.byteCount(
        connections: 10, rooms: 4, membersPerRoom: 10, roomsPerConnection: 2, history: history,
        historySize: size, messageMaximum: 512)
    }
    let none = sum(history: 0, size: 1 << 20)
    let parts =
      4 * Attendance.bytesPerRoom + 20 * Attendance.bytesPerPresence
      + 20 * Attendance.bytesPerMembership
    #expect(none >= parts && none < parts + 2048)
    let some = sum(history: 10, size: 1 << 20)
    #expect(some - none >= 1 << 20)
    #expect(
      some - none == 4096 * (256 + SlotPool.overhead)
        + 4 * RoomHistory.bytesPerRoom(limit: 10))
  }
}
