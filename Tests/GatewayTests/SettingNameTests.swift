import Testing

@testable import Gateway

@Suite struct SettingNameTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "abc", 3), ("PORT", "PROT", 2), ("PORT", "PORTS", 1),
    ("kitten", "sitting", 3), ("same", "same", 0),
  ])
  func editDistance(one: String, other: String, distance: Int) {
    #expect(SettingName.editDistance(Array(one.utf8), Array(other.utf8)) == distance)
    #expect(SettingName.editDistance(Array(other.utf8), Array(one.utf8)) == distance)
  }

  @Test func theNearestNameWins() {
    let settings = SettingTable.gateway.settings(of: [])
    func nearest(_ name: String) -> SettingKey? {
      SettingName.nearest(to: Array(name.utf8), among: settings)?.key
    }
    #expect(nearest("WEBSOCKET_READ_BUFFER") == .readBuffers)
    #expect(nearest("WEBSOCKET_WRITE_WAITS") == .writeWait)
    #expect(nearest("WEBSOCKET_HOSTXY") == .host)
    #expect(nearest("WEBSOCKET_HOSTXYZ") == nil)
  }
}
