import Testing

@testable import TypedConnections

@Suite struct TestSessionRefusalTests {
  @Test func eachHasWordsOfItsOwn() {
    let words = Set(TestSessionRefusal.allCases.map { "\($0.text)" })
    #expect(words.count == TestSessionRefusal.allCases.count)
    #expect(words.allSatisfy { !$0.isEmpty && !$0.contains("\"") && !$0.contains("\\") })
  }
}
