import Memory
import Testing

@testable import Delivery

@Suite struct KeptMessagesReadingTests {
  private func filled() -> Shelf {
    let shelf = Shelf()
    for text in ["a", "b", "c", "d"] { shelf.keep(text, for: "7") }
    shelf.remove(1001, "7")
    return shelf
  }

  @Test func theFirstBehindAnId() throws {
    let shelf = filled()
    let user = try #require(shelf.find("7"))
    func first(_ id: UInt64) -> UInt64? {
      shelf.kept.first(of: user, behind: id).map { shelf.kept.id(ofMessage: $0) }
    }
    #expect([0, 999, 1000, 1001, 1002].map(first) == [1000, 1000, 1002, 1002, 1003])
    #expect(first(1003) == nil)
    #expect(first(.max) == nil)
  }

  @Test func foundByItsIdAndItsUser() {
    let shelf = filled()
    shelf.keep("theirs", for: "8")
    #expect(shelf.message(1002, "7") != nil)
    #expect(shelf.message(1001, "7") == nil)
    #expect(shelf.message(0, "7") == nil)
    #expect(shelf.message(1002, "8") == nil)
  }

  @Test func toldInAnyOrder() {
    let shelf = filled()
    #expect(shelf.told("7") == 999)
    shelf.tell(1002, "7")
    #expect(shelf.told("7") == 999 && shelf.firstUntold("7") == 1000)
    shelf.tell(1000, "7")
    // 1001 is read, 1002 told already.
    #expect(shelf.told("7") == 1002 && shelf.firstUntold("7") == 1003)
    shelf.keep("e", for: "7")
    shelf.remove(1003, "7")
    #expect(shelf.firstUntold("7") == 1004)
    shelf.tell(1004, "7")
    #expect(shelf.told("7") == 1004 && shelf.firstUntold("7") == nil)
  }

  @Test func whatFits() {
    let shelf = Shelf(size: 3 * 192)
    #expect(shelf.fits(3 * 192))
    #expect(!shelf.fits(3 * 192 + 1))
  }
}
