import Foundation
import Testing

@testable import Gateway

@Suite struct SettingTableReadmeTests {
  @Test func theReadmeHoldsTheTable() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    var bytes: [UInt8] = []
    SettingTable.gateway.appendMarkdown(to: &bytes)
    let right = "<!-- settings -->\n\(String(decoding: bytes, as: UTF8.self))<!-- /settings -->"
    let isHeld = readme.contains(right)
    #expect(isHeld, "README.md has to hold this block:\n\(right)")
  }
}
