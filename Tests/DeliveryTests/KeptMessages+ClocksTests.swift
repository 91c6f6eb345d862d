import Memory
import Testing

@testable import Delivery

@Suite struct KeptMessagesClocksTests {
  private let days: UInt64 = 10 * 86_400_000

  /// Wakes as the gateway does, and writes each time.
  private func wake(_ shelf: Shelf, for milliseconds: UInt64) {
    let end = shelf.now.monotonic + milliseconds
    var rounds = 0
    while let next = shelf.nextExpiry, next <= end, rounds < 10_000 {
      shelf.pass(max(next, shelf.now.monotonic) - shelf.now.monotonic)
      shelf.expire()
      shelf.flush()
      rounds += 1
    }
    shelf.pass(end - shelf.now.monotonic)
  }

  @Test func whatWasKeptByAClockThatWasNotSetIsAsOldAsItIs() {
    let old = Shelf(lifetime: 600_000)
    old.keep("a", for: "7")
    old.pass(100_000)
    old.keep("b", for: "7")
    old.now.wall += days
    wake(old, for: 100_000)
    let new = old.restarted(lifetime: 600_000, wall: old.now.wall).shelf
    new.expire()
    #expect(new.texts("7") == ["a", "b"])
    // 200 s old.
    let deadline = new.message(1000, "7").map { new.kept.messages[$0].deadline }
    #expect(deadline == 7 + 400_000)
    new.pass(400_000)
    new.expire()
    #expect(new.texts("7") == ["b"])
  }

  @Test func keepingNoticesItAtOnce() {
    let old = Shelf(lifetime: 600_000)
    old.keep("a", for: "7")
    old.now.wall += days
    old.keep("b", for: "7")
    #expect(old.nextExpiry == old.now.monotonic)
    old.expire()
    old.flush()
    let new = old.restarted(lifetime: 600_000, wall: old.now.wall).shelf
    new.expire()
    #expect(new.texts("7") == ["a", "b"])
  }

  @Test func aClockThatIsSetBackIsFollowed() {
    let old = Shelf(lifetime: 600_000, now: Moment(monotonic: 50, wall: 5000 + days))
    old.keep("a", for: "7")
    old.now.wall -= days
    wake(old, for: 100_000)
    let new = old.restarted(lifetime: 600_000, wall: old.now.wall).shelf
    let deadline = new.message(1000, "7").map { new.kept.messages[$0].deadline }
    #expect(deadline == 7 + 500_000)
  }

  @Test func aClockThatIsBehindWhatCountedAtTheStartIsNotSet() {
    let first = Shelf(lifetime: 600_000)
    first.now.wall += days
    first.keep("a", for: "7")
    let wall = first.now.wall
    let second = first.restarted(lifetime: 600_000, wall: wall).shelf
    // The gateway has restored by the time at which the board was seen last, and shows its own.
    second.now.wall = 5000
    second.keep("b", for: "7")
    wake(second, for: 100_000)
    second.keep("c", for: "7")
    let third = second.restarted(lifetime: 600_000, firstID: 3000, wall: wall).shelf
    third.expire()
    #expect(third.texts("7") == ["a", "b", "c"])
  }

  @Test func aLittleIsNoJump() {
    let shelf = Shelf(lifetime: 10_000_000)
    shelf.keep("a", for: "7")
    shelf.flush()
    let written = shelf.image.records
    shelf.now.wall += 299_000
    wake(shelf, for: 1_000_000)
    #expect(shelf.image.records == written)
    // Much that comes in small steps is one.
    shelf.now.wall += 2000
    wake(shelf, for: 100_000)
    #expect(shelf.image.records != written)
  }

  @Test func manyArePutPieceByPiece() {
    let shelf = Shelf(perUser: 200, size: 200 * 192, lifetime: 10_000_000, batchSize: 4000)
    for _ in 0..<150 {
      shelf.keep("a", for: "7")
      shelf.flush()
    }
    shelf.now.wall += days
    shelf.expire()
    shelf.expire()
    #expect(!shelf.isTorn)
    let before = shelf.image.written
    shelf.flush()
    #expect(shelf.image.written - before <= 4000)
    #expect(shelf.nextExpiry == shelf.now.monotonic + 100)
    wake(shelf, for: 100_000)
    #expect(!shelf.isTorn)
    let new = shelf.restarted(
      perUser: 200, size: 200 * 192, lifetime: 10_000_000, wall: shelf.now.wall
    ).shelf
    new.expire()
    #expect(new.count == 150)
  }

  @Test func keepingDoesNotPutThemOff() {
    let shelf = Shelf(perUser: 200, size: 200 * 192, lifetime: 10_000_000)
    for _ in 0..<100 { shelf.keep("a", for: "7") }
    shelf.now.wall += days
    shelf.expire()
    let next = shelf.now.monotonic + 100
    #expect(shelf.nextExpiry == next)
    shelf.pass(99)
    shelf.keep("b", for: "7")
    #expect(shelf.nextExpiry == next)
    shelf.pass(1)
    shelf.expire()
    #expect(shelf.nextExpiry == next + 60_000)
  }
}
