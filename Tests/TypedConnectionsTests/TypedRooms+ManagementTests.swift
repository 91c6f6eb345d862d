import Testing

@testable import TypedConnections

@Suite struct TypedRoomsManagementTests {
  @Test func connectionsRoomsAndMembersAreCountedByKind() throws {
    let parlour = Parlour()
    parlour.open(0, "ann", chat: "a")
    parlour.open(1, "ann", chat: "a")
    parlour.open(2, "bob", chat: "b")
    parlour.ask("join_room", "a", from: 2)
    parlour.open(3, "bob")
    parlour.ask("join_room", "a", from: 3)
    #expect(parlour.connections(.chat) == 3 && parlour.connections(.general) == 1)
    #expect(parlour.rooms(.chat) == 2 && parlour.rooms(.general) == 1 && parlour.roomCount == 3)
    #expect(parlour.rooms == ["chat a", "chat b", "general a"])
    #expect(parlour.members("a", .chat) == [2, 3] && parlour.members("a", .general) == [1, 1])
    #expect(parlour.members("b", .general) == nil)
    #expect(parlour.rooms(of: 2) == ["chat a", "chat b"] && parlour.rooms(of: 3) == ["general a"])
    #expect(parlour.isMember(1, of: "a") && !parlour.isMember(1, of: "b"))
    #expect(parlour.isMember(3, of: "a") && !parlour.isMember(3, of: "b"))
    #expect(!parlour.isMember(4, of: "a") && parlour.scope(4) == nil)
    #expect(parlour.scope(0) == .chat && parlour.scope(3) == .general)
    #expect(parlour.membershipCount == 5)
    for connection in 0...3 { parlour.close(connection) }
    #expect(parlour.connections(.chat) == 0 && parlour.connections(.general) == 0)
    #expect(parlour.rooms(.chat) == 0 && parlour.rooms(.general) == 0)
    #expect(parlour.membershipCount == 0 && parlour.scope(0) == nil)
    #expect(parlour.peaks == [3, 5] && parlour.capacities == [4, 18])
  }
}
