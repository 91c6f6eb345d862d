import Memory
import TestSupport
import Testing

@testable import Delivery

@Suite struct KeptMessagesKeepingTests {
  @Test func theUsersOldestGoesFirst() {
    let shelf = Shelf(perUser: 3)
    for text in ["a", "b", "c", "d"] { shelf.keep(text, for: "7") }
    #expect(shelf.texts("7") == ["b", "c", "d"])
    #expect(shelf.floor("7") == 1000)
    #expect(shelf.newest("7") == 1003)
    // Others lose nothing by it.
    shelf.keep("x", for: "8")
    #expect(shelf.floor("8") == 0)
  }

  @Test func theOwnGoBeforeOthersWhenSlotsAreUsedUp() {
    let shelf = Shelf(perUser: 9, size: 4 * 192)
    shelf.keep("old", for: "8")
    for text in ["a", "b", "c"] { shelf.keep(text, for: "7") }
    shelf.keep(String(repeating: "d", count: 2 * 192), for: "7")
    #expect(shelf.ids("7") == [1002, 1003])
    #expect(shelf.texts("8") == ["old"])
    // Then the oldest of all.
    shelf.keep(String(repeating: "e", count: 4 * 192), for: "7")
    #expect(shelf.ids("7") == [1004])
    #expect(shelf.texts("8") == [])
    #expect(shelf.floor("8") == 1000)
    #expect(shelf.slotsInUse == 4)
  }

  @Test func aTextThatNeverFitsChangesNothing() {
    let shelf = Shelf(size: 2 * 192)
    shelf.keep("a", tag: "t", for: "7")
    shelf.flush()
    let image = shelf.image.records
    #expect(shelf.keep(String(repeating: "x", count: 385), tag: "t", for: "7") == nil)
    #expect(shelf.keep("", for: "7") == nil)
    #expect(shelf.keep(String(repeating: "x", count: 384), tag: "t", for: "7") == nil)
    shelf.flush()
    #expect(shelf.texts("7") == ["a"])
    #expect(shelf.image.records == image)
  }

  @Test func aTagReplaces() {
    let shelf = Shelf()
    shelf.keep("10 %", tag: "song", for: "7")
    shelf.keep("note", for: "7")
    shelf.keep("other", tag: "son", for: "7")
    shelf.keep("20 %", tag: "song", for: "7")
    shelf.keep("theirs", tag: "song", for: "8")
    #expect(shelf.texts("7") == ["note", "other", "20 %"])
    #expect(shelf.ids("7") == [1001, 1002, 1003])
    #expect(shelf.floor("7") == 0)
    #expect(shelf.texts("8") == ["theirs"])
    shelf.flush()
    #expect(shelf.image.count(.event) == 4)
  }

  @Test func aTagIsNoPartOfTheText() {
    let shelf = Shelf()
    // The tag "ab" and the text "c" lie in memory as the tag "a" and the text "bc" do.
    shelf.keep("c", tag: "ab", for: "7")
    shelf.keep("bc", tag: "a", for: "7")
    shelf.keep("abc", for: "7")
    #expect(shelf.texts("7") == ["c", "bc", "abc"])
  }

  @Test func whatWasReadLeavesTheFloor() {
    let shelf = Shelf()
    for text in ["a", "b", "c"] { shelf.keep(text, for: "7") }
    shelf.remove(1001, "7")
    #expect(shelf.texts("7") == ["a", "c"])
    shelf.remove(1002, "7")
    shelf.remove(1000, "7")
    #expect(shelf.texts("7") == [])
    #expect(shelf.floor("7") == 0)
    #expect(shelf.keep("d", for: "7") == 1003)
  }

  @Test func idsGivenByTheCaller() {
    let shelf = Shelf()
    guard let user = shelf.enter("7") else {
      Issue.record("no user")
      return
    }
    let text = Array("a".utf8)
    let id = shelf.kept.keep(text.span.raw, id: 1500, for: user, at: shelf.now, &shelf.journal)
    #expect(id == 1500)
    #expect(shelf.keep("b", for: "7") == 1501)
    #expect(shelf.highestID == 1501)
  }

  @Test func ageTakesTheOldest() {
    let shelf = Shelf(lifetime: 1000)
    shelf.keep("a", for: "7")
    shelf.pass(400)
    shelf.keep("b", for: "8")
    #expect(shelf.nextExpiry == 1050)
    shelf.pass(599)
    shelf.expire()
    #expect(shelf.texts("7") == ["a"])
    shelf.pass(1)
    shelf.expire()
    #expect(shelf.texts("7") == [])
    #expect(shelf.floor("7") == 1000)
    #expect(shelf.nextExpiry == 1450)
    shelf.pass(400)
    shelf.expire()
    #expect(shelf.nextExpiry == nil)
    #expect(shelf.count == 0)
    #expect(shelf.slotsInUse == 0)
  }

  @Test func manyGoInManyCalls() throws {
    let shelf = Shelf(perUser: 200, size: 200 * 192, lifetime: 1000)
    for _ in 0..<150 { shelf.keep("a", for: "7") }
    shelf.pass(1000)
    shelf.expire()
    #expect(shelf.count == 150 - 64)
    let next = try #require(shelf.nextExpiry)
    #expect(next == shelf.now.monotonic + 1)
    shelf.expire()
    shelf.expire()
    #expect(shelf.count == 0)
  }

  @Test func withoutRoomInTheJournalNothingGoesByItsAge() {
    let shelf = Shelf(lifetime: 1000, batchSize: 300)
    shelf.keep("a", for: "7")
    while shelf.journal.hasRoom(for: 1, bytes: 0) { shelf.journal.remove(key: 1) }
    shelf.pass(1000)
    shelf.expire()
    #expect(shelf.texts("7") == ["a"])
    #expect(shelf.nextExpiry == shelf.now.monotonic + 100)
    #expect(!shelf.isTorn)
  }

  /// What `hasRoom` says is enough is enough, and no record is left out.
  @Test(arguments: 0..<20 as Range<UInt64>) func theJournalHasRoomWhenItSaysSo(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let shelf = Shelf(users: 3, perUser: 4, size: 8 * 192, batchSize: 2000)
    var (asked, refused) = (0, 0)
    for _ in 0..<400 {
      let length = 1 + random.below(600)
      asked += 1
      if shelf.kept.hasRoom(in: shelf.journal, for: length) {
        let user = "user \(random.below(5))"
        guard shelf.enter(user) != nil, shelf.kept.hasRoom(in: shelf.journal, for: length) else {
          continue
        }
        let tag = random.below(3) == 0 ? "tag \(random.below(3))" : ""
        shelf.keep(String(repeating: "x", count: length), tag: tag, for: user)
      } else {
        refused += 1
        shelf.flush()
      }
      #expect(!shelf.isTorn)
    }
    #expect(refused > 0 && refused < asked)
  }
}
