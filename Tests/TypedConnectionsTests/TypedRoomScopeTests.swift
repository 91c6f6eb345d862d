import Testing

@testable import TypedConnections

@Suite struct TypedRoomScopeTests {
  @Test func theyAreNamedAsTheAddressNamesThem() {
    #expect(TypedRoomScope.allCases.map { "\($0.name)" } == ["general", "chat"])
    #expect(TypedRoomScope.allCases.map(\.rawValue) == [0, 1])
  }
}
