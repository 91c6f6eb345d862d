import Memory
import Testing

@testable import Attendance

@Suite struct AttendanceMemoryTests {
  @Test func presencesAreBoundedByBothLimits() {
    #expect(Attendance.presences(100, rooms: 3, membersPerRoom: 5) == 15)
    #expect(Attendance.presences(10, rooms: 3, membersPerRoom: 5) == 10)
    #expect(Attendance.presences(10, rooms: .max, membersPerRoom: 2) == 10)
  }

  @Test func theSumIsThatOfItsParts() {
    let sum = Attendance.byteCount(connections: 10, rooms: 4, presences: 20, memberships: 30)
    let parts =
      4 * Attendance.bytesPerRoom + 20 * Attendance.bytesPerPresence
      + 30 * Attendance.bytesPerMembership
    #expect(
      sum == parts + HashIndex.byteCount(capacity: 4) + HashIndex.byteCount(capacity: 20) + 80)
  }
}
