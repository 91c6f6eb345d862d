import Memory
import TestSupport
import Testing

@testable import Delivery

@Suite struct KeptMessagesRestoringTests {
  @Test func theSameAnswersAfterARestart() {
    let old = Shelf()
    old.keep("a", mark: 2, for: "7")
    old.keep("b", tag: "t", for: "7")
    old.keep("c", for: "7")
    old.tell(1002, "7")
    old.keep("d", for: "8")
    old.tell(1000, "8")
    let (new, refused) = old.restarted()
    #expect(refused == 0)
    #expect(new.held("7") == old.held("7"))
    #expect(new.held("8") == old.held("8"))
    #expect(new.firstUntold("7") == 1000 && new.firstUntold("8") == nil)
    #expect(new.floor("7") == 0 && new.newest("7") == 1002)
    // A tag is what it was.
    new.keep("e", tag: "t", for: "7")
    #expect(new.ids("7") == [1000, 1002, 2000])
  }

  @Test func whichIdsAreKnown() {
    let old = Shelf(perUser: 3)
    for text in ["a", "b", "c", "d"] { old.keep(text, for: "7") }
    let new = old.restarted(perUser: 3).shelf
    let known: [UInt64] = (990..<2010).filter { new.holdsAll($0, "7") == true }
    // What the earlier run may have given and not put down was acknowledged to nobody; what lies
    // behind it was given by a run that could not put down anything.
    #expect(known == Array(1000...1100) + [1999])
    new.keep("e", for: "7")
    #expect(new.holdsAll(2000, "7") == true && new.holdsAll(2001, "7") == false)
    // One who has received nothing has lost the first.
    #expect(new.holdsAll(0, "7") == false)
  }

  @Test func idsOfWhatIsGoneAreKnown() {
    let old = Shelf()
    old.keep("a", for: "7")
    old.tell(1000, "7")
    old.remove(1000, "7")
    let new = old.restarted().shelf
    #expect(new.newest("7") == 1000 && new.told("7") == 1000)
    #expect(new.holdsAll(1000, "7") == true)
    #expect(new.highestID == 1000)
  }

  @Test func forgottenUsersStayForgotten() {
    let old = Shelf(users: 1)
    old.keep("a", for: "7")
    old.enter("8")
    let (new, refused) = old.restarted()
    #expect(refused == 0)
    new.enter("7")
    #expect(new.holdsAll(0, "7") == false && new.holdsAll(1000, "7") == true)
    // The record is put again under its key, and not twice.
    new.keep("b", for: "7")
    new.flush()
    #expect(new.image.count(.eventUser) == 2)
  }

  @Test func withoutRecordsOfUsersMessagesMakeThem() {
    let old = Shelf(hasUserRecords: false)
    old.keep("a", for: "7")
    old.keep("b", for: "8")
    let (new, refused) = old.restarted()
    #expect(refused == 0)
    #expect(new.texts("7") == ["a"] && new.texts("8") == ["b"])
    #expect(new.image.count(.eventUser) == 0 && new.image.count(.event) == 2)
  }

  @Test func theOldestGoWhenThereIsLessRoomThanBefore() {
    let old = Shelf(users: 4)
    for text in ["a", "b", "c", "d"] { old.keep(text, for: "7") }
    for text in ["e", "f"] { old.keep(text, for: "8") }
    let few = old.restarted(perUser: 2).shelf
    #expect(few.texts("7") == ["c", "d"] && few.floor("7") == 1001)
    #expect(few.texts("8") == ["e", "f"])
    let small = old.restarted(size: 3 * 192).shelf
    #expect(small.texts("7") == ["d"] && small.texts("8") == ["e", "f"])
    #expect(small.floor("7") == 1002 && small.floor("8") == 0)
    small.flush()
    #expect(small.image.count(.event) == 3)
    let (one, refused) = old.restarted(users: 1)
    #expect(refused == 4)
    #expect(one.texts("8") == ["e", "f"] && one.find("7") == nil)
    one.enter("9")
    #expect(one.holdsAll(0, "9") == false)
  }

  @Test func ageGoesOnWhileNothingRuns() {
    let old = Shelf(lifetime: 1000)
    old.keep("a", for: "7")
    old.pass(300)
    old.keep("b", for: "7")
    // 700 ms later, by the wall clock.
    let new = old.restarted(lifetime: 1000, wall: old.now.wall + 700).shelf
    new.expire()
    #expect(new.texts("7") == ["b"])
    #expect(new.nextExpiry == 7 + 300)
    // A clock that was set back makes nothing older, nor younger than it was when it was kept.
    let back = old.restarted(lifetime: 1000, wall: 10).shelf
    #expect(back.nextExpiry == 7 + 1000)
  }

  @Test func aClockThatIsSetBackKeepsTheOrder() {
    let old = Shelf(lifetime: 1000)
    old.keep("a", for: "7")
    old.now.wall -= 800
    old.keep("b", for: "7")
    let new = old.restarted(lifetime: 1000, wall: 5000).shelf
    new.now.monotonic = 7 + 999
    new.expire()
    #expect(new.texts("7") == ["a", "b"])
    new.now.monotonic += 1
    new.expire()
    #expect(new.texts("7") == [])
  }

  @Test func allIsPutAnew() {
    let old = Shelf(users: 3, perUser: 5, batchSize: 400)
    for place in 0..<40 {
      let user = "user \(place < 20 ? place % 2 : 2 + place % 2)"
      old.keep("text \(place)", tag: place % 5 == 0 ? "t" : "", for: user)
      old.flush()
    }
    let before = old.restarted(users: 3).shelf
    let image = old.image.records
    old.journal.begin(isFresh: true)
    var (cursor, batches) = (0 as Int?, 0)
    while let place = cursor {
      cursor = old.kept.rewrite(from: place, &old.journal)
      old.flush()
      batches += 1
    }
    #expect(batches > 1)
    #expect(!old.isTorn)
    #expect(Set(old.image.records.keys) == Set(image.keys))
    #expect(old.image.records.filter { $0.value.kind == 3 } == image.filter { $0.value.kind == 3 })
    let after = old.restarted(users: 3).shelf
    for user in (0..<4).map({ "user \($0)" }) {
      #expect(after.held(user) == before.held(user))
      #expect(after.floor(user) == before.floor(user))
      #expect(after.newest(user) == before.newest(user))
    }
  }

  // MARK: What makes no sense

  private func records() -> [Image.Record] {
    let shelf = Shelf(users: 1)
    shelf.keep("gone", for: "6")
    shelf.keep("text", tag: "tag", mark: 1, for: "7")
    shelf.flush()
    return shelf.image.inOrder.map(\.record)
  }

  @Test func recordsThatAreCutAreRefused() {
    for record in records() {
      for length in 0..<record.body.count {
        let isText = record.kind == RecordKind.event.rawValue
        // A text may be shorter, but not empty.
        let head = record.body.count - "text".utf8.count
        let shelf = Shelf()
        let cut = Image.Record(kind: record.kind, body: Array(record.body.prefix(length)))
        let isTaken = shelf.restore(cut, key: 5)
        #expect(isTaken == (isText && length > head))
        guard !isTaken else { continue }
        #expect(shelf.count == 0 && shelf.slotsInUse == 0)
        #expect(shelf.userCount == 0)
      }
    }
  }

  @Test(arguments: 0..<50 as Range<UInt64>) func changedRecordsDoNoHarm(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let records = records()
    let shelf = Shelf(users: 3, perUser: 3, size: 6 * 192)
    for key in 1...100 as ClosedRange<UInt64> {
      var body = records[random.below(records.count)].body
      for _ in 0..<random.below(4) { body[random.below(body.count)] = random.bytes(1)[0] }
      let kind: RecordKind = random.below(3) == 0 ? .eventUser : .event
      _ = shelf.restore(Image.Record(kind: kind.rawValue, body: body), key: key)
      #expect(shelf.slotsInUse <= 6 && shelf.userCount <= 3)
    }
    // It is still one that can be used.
    shelf.keep("a", for: "new")
    #expect(shelf.texts("new") == ["a"])
    shelf.now.monotonic += 1_000_000
    while shelf.count > 0 { shelf.expire() }
    #expect(shelf.slotsInUse == 0)
  }

  @Test func aUserOrAMessageThatIsThereAlreadyIsRefused() {
    for record in records() {
      let shelf = Shelf()
      #expect(shelf.restore(record, key: 5))
      #expect(!shelf.restore(record, key: 6))
    }
    let other = Image.Record(kind: RecordKind.answer.rawValue, body: [1, 2, 3])
    #expect(!Shelf().restore(other, key: 5))
  }

  // MARK: At random

  /// Whatever happened, what lies on disk is what is held.
  @Test(arguments: 0..<30 as Range<UInt64>) func theImageIsWhatIsHeld(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let shelf = Shelf(users: 4, perUser: 4, size: 10 * 192, lifetime: 3000)
    let users = (0..<6).map { "user \($0)" }
    for step in 0..<300 {
      let user = users[random.below(users.count)]
      let held = shelf.ids(user)
      switch random.below(8) {
      case 0: if let id = held.randomElement(using: &random) { shelf.remove(id, user) }
      case 1, 2: if let id = held.randomElement(using: &random) { shelf.tell(id, user) }
      case 3:
        shelf.pass(UInt64(random.below(800)))
        shelf.expire()
      case 4: shelf.enter(user)
      default:
        let text = String(repeating: "x", count: 1 + random.below(500))
        let tag = random.below(2) == 0 ? "tag \(random.below(2))" : ""
        shelf.keep(text, tag: tag, mark: UInt8(random.below(3)), for: user)
      }
      guard step % 20 == 19 else { continue }
      let (new, refused) = shelf.restarted(
        users: 4, perUser: 4, size: 10 * 192, lifetime: 3000, firstID: 100_000)
      #expect(refused == 0)
      #expect(new.count == shelf.count)
      #expect(new.slotsInUse == shelf.slotsInUse)
      #expect(
        new.nextExpiry.map { $0 - 7 }
          == shelf.nextExpiry.map {
            max($0, shelf.now.monotonic) - shelf.now.monotonic
          })
      for user in users {
        #expect(new.held(user) == shelf.held(user))
        guard shelf.find(user) != nil, new.find(user) != nil else { continue }
        #expect(new.firstUntold(user) == shelf.firstUntold(user))
        #expect(new.floor(user) == shelf.floor(user))
        #expect(new.newest(user) == shelf.newest(user))
        // Those that an earlier run gave, or might have.
        for id in 1000..<1310 as Range<UInt64> where id <= shelf.newest(user) ?? 0 {
          #expect(new.holdsAll(id, user) == shelf.holdsAll(id, user))
        }
      }
    }
    shelf.pass(10_000)
    while shelf.count > 0 {
      shelf.expire()
      shelf.pass(200)
    }
    #expect(shelf.slotsInUse == 0)
    shelf.flush()
    #expect(shelf.image.count(.event) == 0)
  }
}
