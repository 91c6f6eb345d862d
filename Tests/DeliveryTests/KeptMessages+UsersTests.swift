import Memory
import Testing

@testable import Delivery

@Suite struct KeptMessagesUsersTests {
  @Test func theLongestUnusedGoes() {
    let shelf = Shelf(users: 3)
    for user in ["a", "b", "c"] { shelf.enter(user) }
    shelf.enter("a")
    shelf.enter("d")
    #expect(shelf.find("b") == nil)
    #expect(shelf.find("a") != nil && shelf.find("c") != nil && shelf.find("d") != nil)
  }

  @Test func whoHasMessagesStaysLonger() {
    let shelf = Shelf(users: 3)
    shelf.keep("x", for: "a")
    shelf.enter("b")
    shelf.enter("c")
    shelf.enter("d")
    #expect(shelf.find("a") != nil && shelf.find("b") == nil)
    for user in ["c", "d"] { shelf.keep("y", for: user) }
    // Now all have messages, and the one that was used last stays longest.
    shelf.keep("z", for: "a")
    shelf.enter("e")
    #expect(shelf.find("c") == nil)
    #expect(shelf.texts("a") == ["x", "z"])
    #expect(shelf.count == 3)
  }

  @Test func whoIsPinnedStays() throws {
    let shelf = Shelf(users: 2)
    let (one, other) = (try #require(shelf.enter("a")), try #require(shelf.enter("b")))
    shelf.kept.pin(one)
    shelf.kept.pin(one)
    shelf.kept.pin(other)
    #expect(shelf.enter("c") == nil)
    shelf.kept.unpin(one)
    #expect(shelf.enter("c") == nil)
    shelf.kept.unpin(one)
    #expect(shelf.enter("c") != nil)
    #expect(shelf.find("a") == nil && shelf.find("b") == other)
  }

  @Test func ofAForgottenUserTheIdsAreKnown() {
    let shelf = Shelf(users: 1)
    shelf.keep("x", for: "a")
    shelf.keep("y", for: "a")
    #expect(shelf.slotsInUse == 2)
    #expect(shelf.holdsAll(0, "a") == true)
    shelf.enter("b")
    #expect(shelf.floor("b") == 1001)
    #expect(shelf.holdsAll(0, "b") == false)
    #expect(shelf.holdsAll(1000, "b") == false)
    #expect(shelf.holdsAll(1001, "b") == true)
    #expect(shelf.keep("z", for: "b") == 1002)
    shelf.flush()
    #expect(shelf.slotsInUse == 1)
    #expect(shelf.image.count(.event) == 1)
    // The new one's, and that of all who were forgotten.
    #expect(shelf.image.count(.eventUser) == 2)
  }

  @Test func forgettingWaitsForTheJournal() {
    let shelf = Shelf(users: 1, perUser: 30, size: 60 * 192, batchSize: 400)
    for _ in 0..<30 {
      shelf.keep("x", for: "a")
      shelf.flush()
    }
    var calls = 0
    while shelf.enter("b") == nil {
      calls += 1
      guard calls < 30 else { break }
      // What is held of the user goes on where it ended, and the floor says so.
      #expect(shelf.floor("a") == 1029 - UInt64(shelf.ids("a").count))
      shelf.flush()
    }
    #expect(calls > 0 && calls < 30)
    #expect(!shelf.isTorn)
    shelf.flush()
    #expect(shelf.image.count(.event) == 0)
  }

  @Test func aNewFileKnowsOfNobodyBefore() {
    let shelf = Shelf(knownUpTo: 0)
    shelf.keep("x", for: "a")
    let known: [UInt64] = [0, 1, 500, 998, 999, 1000, 1001].filter {
      shelf.holdsAll($0, "a") == true
    }
    #expect(known == [0, 999, 1000])
  }

  @Test func whatWasLostWithADamagedFileIsLostInLaterRuns() {
    let shelf = Shelf(knownUpTo: nil)
    shelf.kept.noteUnknown(&shelf.journal)
    shelf.keep("x", for: "a")
    let later = shelf.restarted().shelf
    later.enter("b")
    #expect(later.holdsAll(500, "a") == false && later.holdsAll(1000, "a") == true)
    #expect(later.holdsAll(0, "b") == false && later.holdsAll(999, "b") == true)
  }

  @Test func nothingIsKnownWithoutMemory() {
    let shelf = Shelf(knownUpTo: nil, isKept: false)
    shelf.enter("a")
    #expect(shelf.holdsAll(0, "a") == false)
    #expect(shelf.holdsAll(998, "a") == false)
    #expect(shelf.holdsAll(999, "a") == true)
    #expect(shelf.holdsAll(1000, "a") == false)
    shelf.keep("x", for: "a")
    #expect(shelf.holdsAll(1000, "a") == true)
    #expect(shelf.holdsAll(1001, "a") == false)
  }
}
