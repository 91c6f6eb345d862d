import Memory
import Testing

@testable import Attendance

@Suite struct AttendanceTests {
  private func users(_ attendance: borrowing Attendance, _ room: Int) -> [Int] {
    var (users, next) = ([Int](), attendance.rooms[room].first.place)
    while let presence = next {
      users.append(Int(attendance.presences[presence].user))
      next = attendance.presences[presence].links.behind.place
    }
    return users
  }

  private func connections(_ attendance: borrowing Attendance, _ presence: Int) -> [Int] {
    var (found, next) = ([Int](), attendance.presences[presence].first.place)
    while let membership = next {
      found.append(Int(attendance.memberships[membership].connection))
      next = attendance.memberships[membership].siblings.behind.place
    }
    return found
  }

  @Test func usersStandInOrderOfJoiningWhoeverGoes() {
    for gone in 0..<3 {
      var attendance = Attendance(
        connections: 4, rooms: 2, presences: 6, memberships: 6, seed: 1)
      let room = attendance.makeRoom(short("a"), nextID: 5)
      let presences = (0..<3).map { attendance.enter($0, room) }
      let isEmpty = attendance.end(presences[gone])
      #expect(!isEmpty)
      let left = users(attendance, room)
      #expect(left == [0, 1, 2].filter { $0 != gone })
      let found = attendance.presence(of: gone, in: room)
      #expect(found == nil)
      _ = attendance.enter(gone, room)
      let again = users(attendance, room)
      #expect(again == left + [gone])
    }
  }

  @Test func aPresenceEndsWithItsLastMembership() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
      var attendance = Attendance(
        connections: 4, rooms: 2, presences: 6, memberships: 6, seed: 1)
      let room = attendance.makeRoom(short("a"), nextID: 5)
      let presence = attendance.enter(3, room)
      let memberships = (0..<3).map { attendance.add($0, to: presence) }
      var left = [2, 1, 0]
      for connection in order {
        let now = connections(attendance, presence)
        #expect(now == left)
        left.removeAll { $0 == connection }
        let isLast = attendance.remove(memberships[connection])
        #expect(isLast == left.isEmpty)
        let (found, count) = (
          attendance.membership(of: connection, in: room),
          attendance.membershipCount(of: connection)
        )
        #expect(found == nil && count == 0)
      }
      let isEmpty = attendance.end(presence)
      #expect(isEmpty)
      attendance.free(room)
      let gone = attendance.find(short("a").bytes)
      #expect(gone == nil)
    }
  }

  @Test func theMembershipsOfAConnectionAreFoundByRoom() {
    var attendance = Attendance(connections: 2, rooms: 3, presences: 6, memberships: 6, seed: 1)
    for name in ["a", "b", "c"] {
      let room = attendance.makeRoom(short(name), nextID: 5)
      let presence = attendance.enter(0, room)
      _ = attendance.add(1, to: presence)
    }
    for (taken, left) in [("b", ["a", "c"]), ("c", ["a"]), ("a", [])] {
      let room = attendance.find(short(taken).bytes)!
      let membership = attendance.membership(of: 1, in: room)!
      _ = attendance.remove(membership)
      let count = attendance.membershipCount(of: 1)
      #expect(count == left.count)
      for name in left {
        let other = attendance.find(short(name).bytes)!
        let found = attendance.membership(of: 1, in: other)
        #expect(found != nil)
      }
    }
  }

  @Test func roomsOfTwoKindsAreTwoEvenWithOneName() {
    var attendance = Attendance(connections: 2, rooms: 3, presences: 4, memberships: 4, seed: 1)
    let first = attendance.makeRoom(short("a"), nextID: 1)
    let second = attendance.makeRoom(short("a"), scope: 1, nextID: 1)
    let found = (0..<3).map { attendance.find(short("a").bytes, scope: UInt8($0)) }
    #expect(found == [first, second, nil])
    #expect(first != second)
    attendance.free(first)
    let left = (0..<2).map { attendance.find(short("a").bytes, scope: UInt8($0)) }
    #expect(left == [nil, second])
    let again = attendance.makeRoom(short("b"), scope: 1, nextID: 1)
    let scope = attendance.rooms[again].scope
    #expect(scope == 1)
  }

  @Test func aWalkMeetsEveryConnectionUserByUser() {
    var attendance = Attendance(connections: 6, rooms: 2, presences: 6, memberships: 9, seed: 1)
    let room = attendance.makeRoom(short("a"), nextID: 1)
    let none = (attendance.firstMember(of: room), attendance.connectionCount(of: room))
    #expect(none.0 == nil && none.1 == 0)
    let users = (0..<3).map { attendance.enter($0, room) }
    for connection in 0..<6 { _ = attendance.add(connection, to: users[connection % 3]) }
    let other = attendance.makeRoom(short("b"), nextID: 1)
    let elsewhere = attendance.enter(0, other)
    _ = attendance.add(0, to: elsewhere)
    var (met, next) = ([Int](), attendance.firstMember(of: room))
    while let membership = next {
      met.append(Int(attendance.memberships[membership].connection))
      next = attendance.member(behind: membership)
    }
    #expect(met == [3, 0, 4, 1, 5, 2])
    let count = attendance.connectionCount(of: room)
    #expect(count == 6)
  }
}

func short(_ text: String) -> ShortText { ShortText(prefixOf: Array(text.utf8).span.raw) }
