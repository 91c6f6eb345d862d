import Testing

@testable import Rooms

@Suite struct RoomsManagementTests {
  @Test func roomsMembersAndConnectionsAreCounted() throws {
    let hall = Hall(history: 2)
    hall.open(0, "ann", room: "a")
    hall.open(1, "ann", room: "a")
    hall.open(2, "bob", room: "b")
    hall.join("a", 2)
    hall.say("x", in: "a", 2)
    #expect(hall.rooms == ["a", "b"] && hall.roomCount == 2)
    #expect(hall.users(in: "a") == 2 && hall.users(in: "b") == 1 && hall.users(in: "c") == nil)
    #expect(hall.rooms(of: 2) == ["a", "b"] && hall.rooms(of: 1) == ["a"])
    #expect(hall.rooms(of: 3) == [])
    #expect(hall.isMember(1, of: "a") && !hall.isMember(1, of: "b") && !hall.isMember(1, of: "c"))
    #expect(hall.membershipCount == 4 && hall.historyInUse == 256)
    for connection in 0...2 { hall.close(connection) }
    #expect(hall.membershipCount == 0 && hall.historyInUse == 0)
    #expect(hall.peaks == [2, 4, 256])
  }
}
