import Memory
import Testing

@testable import Delivery

@Suite struct KeptMessagesTests {
  @Test func keptInOrderForEachUser() {
    let shelf = Shelf()
    #expect(shelf.keep("a", mark: 3, for: "7") == 1000)
    #expect(shelf.keep("b", for: "8") == 1000)
    #expect(shelf.keep("c", for: "7") == 1001)
    #expect(shelf.held("7").map(\.description) == ["1000* a", "1001* c"])
    #expect(shelf.held("7").map(\.mark) == [3, 0])
    #expect(shelf.texts("8") == ["b"])
    #expect(shelf.count == 3)
    #expect(shelf.highestID == 1001)
  }

  @Test func whatTheMemoryPlanCounts() {
    // A slot of 192 bytes and its message; a user; never less than one of each.
    let bytes = KeptMessages.byteCount(users: 10, size: 192_000)
    #expect(bytes > 192_000 + 10 * MemoryLayout<KeptUser>.stride)
    #expect(bytes < 2 * 192_000)
    #expect(KeptMessages.byteCount(users: 1, size: 1) > 192)
  }
}
