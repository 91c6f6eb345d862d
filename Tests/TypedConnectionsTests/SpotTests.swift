import Testing

@testable import TypedConnections

@Suite struct SpotTests {
  @Test func aSpotIsAPlaceOrNone() {
    #expect(Spot.none.place == nil && Spot(0).place == 0 && Spot(70_000).place == 70_000)
    #expect(MemoryLayout<Spot>.size == 4)
  }
}
