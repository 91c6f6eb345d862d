import Delivery
import Memory
import TestSupport
import Testing

@testable import EmotionSync

@Suite struct KnownEmotionsRecordsTests {
  private func short(_ text: String) -> ShortText {
    ShortText(prefixOf: Array(text.utf8).span.raw)
  }

  private func ids(_ emotions: borrowing KnownEmotions, among ids: [String]) -> [String] {
    ids.filter { emotions.find(short($0).bytes) != nil }
  }

  private func seal(_ mailroom: inout Mailroom, to image: inout RecordImage) {
    mailroom.sealJournal(goesOn: false) { image.apply(bytes($0)) }
    mailroom.journalLanded()
  }

  @Test func whatChangesOftenIsPutOnce() {
    var mailroom = makeMailroom(batchSize: 300)
    mailroom.journal.begin(isFresh: false)
    var emotions = KnownEmotions(capacity: 3, seed: 1)
    let a = emotions.insert(
      short("a"), user: KnownEmotion.none, short("0"), at: 0, &mailroom.journal)
    for time in 1..<20_000 as Range<UInt64> {
      emotions.change(a, to: short("\(time)"), at: time, mailroom.journal)
    }
    let isEmpty = mailroom.journal.isEmpty
    #expect(isEmpty)
    emotions.save(&mailroom.journal)
    var image = RecordImage()
    seal(&mailroom, to: &image)
    #expect(image.records.values.map { $0.body.count } == [2 + 6 + 8])
    // Nothing has changed since.
    emotions.save(&mailroom.journal)
    let isEmptyAgain = mailroom.journal.isEmpty
    #expect(isEmptyAgain)
  }

  @Test func aJournalThatKeepsNothingIsWaitedForByNone() {
    var journal = Journal()
    var emotions = KnownEmotions(capacity: 3, seed: 1)
    let a = emotions.insert(short("a"), user: KnownEmotion.none, short("x"), at: 1, &journal)
    emotions.change(a, to: short("y"), at: 2, journal)
    let isEmpty = emotions.unsaved.isEmpty
    #expect(isEmpty)
  }

  @Test func savingStopsWhereThereIsNoRoomAndGoesOn() {
    var mailroom = makeMailroom(batchSize: 200)
    mailroom.journal.begin(isFresh: false)
    var emotions = KnownEmotions(capacity: 9, seed: 1)
    for id in 0..<9 {
      _ = emotions.insert(
        short("u\(id)"), user: KnownEmotion.none, short("x"), at: 7, &mailroom.journal)
    }
    var (image, counts) = (RecordImage(), [Int]())
    while !emotions.unsaved.isEmpty, counts.count < 20 {
      emotions.save(&mailroom.journal)
      seal(&mailroom, to: &image)
      counts.append(image.records.count)
      // The first that changed goes first.
      let ids = image.sorted.map { String(decoding: $0.record.body[1...2], as: UTF8.self) }
      #expect(ids == (0..<image.records.count).map { "u\($0)" })
    }
    #expect(counts.count > 2 && counts.last == 9)
    let isTorn = mailroom.journal.isTorn
    #expect(!isTorn)
  }

  @Test func aForgottenOneThatWasNeverPutLeavesNothing() {
    var mailroom = makeMailroom()
    mailroom.journal.begin(isFresh: false)
    var emotions = KnownEmotions(capacity: 1, seed: 1)
    for id in ["a", "b"] {
      _ = emotions.insert(
        short(id), user: KnownEmotion.none, short("x"), at: 1, &mailroom.journal)
    }
    let isEmpty = mailroom.journal.isEmpty
    #expect(isEmpty)
    let unsaved = emotions.unsaved.count
    #expect(unsaved == 1)
    var image = RecordImage()
    emotions.save(&mailroom.journal)
    seal(&mailroom, to: &image)
    _ = emotions.insert(
      short("c"), user: KnownEmotion.none, short("x"), at: 1, &mailroom.journal)
    seal(&mailroom, to: &image)
    #expect(image.records.isEmpty)
  }

  @Test func withoutRoomToRemoveARecordTheNextTakesItsPlace() {
    var mailroom = makeMailroom(batchSize: 200)
    mailroom.journal.begin(isFresh: false)
    var emotions = KnownEmotions(capacity: 1, seed: 1)
    _ = emotions.insert(
      short("a"), user: KnownEmotion.none, short("x"), at: 1, &mailroom.journal)
    var image = RecordImage()
    emotions.save(&mailroom.journal)
    seal(&mailroom, to: &image)
    let other = mailroom.journal.newKey()
    while mailroom.journal.hasRoom(for: 1, bytes: 0) { mailroom.journal.remove(key: other) }
    for id in ["b", "c"] {
      _ = emotions.insert(
        short(id), user: KnownEmotion.none, short("y"), at: 2, &mailroom.journal)
    }
    emotions.save(&mailroom.journal)
    let isTorn = mailroom.journal.isTorn
    #expect(!isTorn)
    seal(&mailroom, to: &image)
    emotions.save(&mailroom.journal)
    seal(&mailroom, to: &image)
    #expect(image.records.count == 1)
    #expect(image.records.values.first?.body.prefix(2) == [1, UInt8(ascii: "c")])
  }

  @Test func ofTwoRecordsOfAUserTheLaterCounts() {
    var mailroom = makeMailroom()
    mailroom.journal.reserve(key: 3)
    mailroom.journal.begin(isFresh: false)
    var emotions = KnownEmotions(capacity: 3, seed: 1)
    let bodies: [[UInt8]] = [
      [1, 0x61, 1, 0x78, 5], [1, 0x61, 1, 0x79, 6], [1, 0x61, 1, 0x7A, 4],
    ]
    var (image, taken) = (RecordImage(), [Bool]())
    for (key, body) in bodies.enumerated() {
      let whole = body + [0, 0, 0, 0, 0, 0, 0]
      taken.append(emotions.restore(key: UInt64(key + 1), whole.span.raw, &mailroom.journal))
    }
    #expect(taken == [true, true, false])
    let (count, emotion) = (emotions.table.count, emotions.find(short("a").bytes)!)
    let text = emotions.table[emotion].emotion
    #expect(count == 1 && text == short("y"))
    var batch: [UInt8] = []
    mailroom.sealJournal(goesOn: false) { batch = bytes($0) }
    #expect(batch == [0, 2, 1, 0, 0, 0, 0, 0, 0, 0])
    image.apply(batch)
    #expect(image.records.isEmpty)
  }

  /// Whatever happens, nothing is torn, and what is on disk in the end is what is known.
  @Test(arguments: 1...10) func theDiskFollowsRandomChanges(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var mailroom = makeMailroom(batchSize: 200)
    mailroom.journal.begin(isFresh: false)
    var emotions = KnownEmotions(capacity: 6, seed: seed)
    var image = RecordImage()
    for time in 0..<500 as Range<UInt64> {
      let id = "u\(random.below(12))"
      if let place = emotions.find(short(id).bytes) {
        emotions.change(place, to: short("\(time)"), at: time, mailroom.journal)
      } else {
        _ = emotions.insert(
          short(id), user: KnownEmotion.none, short("\(time)"), at: time, &mailroom.journal)
      }
      switch random.below(4) {
      case 0: emotions.save(&mailroom.journal)
      case 1: seal(&mailroom, to: &image)
      default: break
      }
    }
    for _ in 0..<10 {
      emotions.save(&mailroom.journal)
      seal(&mailroom, to: &image)
    }
    let isTorn = mailroom.journal.isTorn
    #expect(!isTorn)
    var restored = KnownEmotions(capacity: 6, seed: 0)
    for (key, record) in image.sorted {
      let isTaken = restored.restore(key: key, record.body.span.raw, &mailroom.journal)
      #expect(isTaken)
    }
    for id in (0..<12).map({ short("u\($0)") }) {
      let now = emotions.find(id.bytes).map { emotions.table[$0].emotion }
      let then = restored.find(id.bytes).map { restored.table[$0].emotion }
      #expect(now == then)
    }
  }

  @Test func whatIsOnDiskComesBack() {
    var mailroom = makeMailroom()
    mailroom.journal.begin(isFresh: false)
    var emotions = KnownEmotions(capacity: 3, seed: 1)
    for (time, id) in ["a", "b", "a", "c", "d"].enumerated() {
      if let place = emotions.find(short(id).bytes) {
        emotions.change(place, to: short("again"), at: UInt64(time), mailroom.journal)
      } else {
        _ = emotions.insert(
          short(id), user: KnownEmotion.none, short("once"), at: UInt64(time), &mailroom.journal)
      }
    }
    var image = RecordImage()
    emotions.save(&mailroom.journal)
    seal(&mailroom, to: &image)
    var restored = KnownEmotions(capacity: 3, seed: 2)
    for (key, record) in image.sorted {
      let isTaken = restored.restore(key: key, record.body.span.raw, &mailroom.journal)
      #expect(isTaken)
    }
    let all = ids(restored, among: ["a", "b", "c", "d"])
    #expect(all == ["a", "c", "d"])
    let a = restored.find(short("a").bytes)!
    let (emotion, changed) = (restored.table[a].emotion, restored.table[a].changed)
    #expect(emotion == short("again"))
    #expect(changed == 2)
  }

  @Test func aRecordThatMakesNoSenseIsRefused() {
    var journal = Journal()
    var emotions = KnownEmotions(capacity: 3, seed: 1)
    let good: [UInt8] = [1, 0x61, 1, 0x62, 1, 0, 0, 0, 0, 0, 0, 0]
    for size in 0..<good.count {
      let part = Array(good.prefix(size))
      let isTaken = emotions.restore(key: 1, part.span.raw, &journal)
      #expect(!isTaken)
    }
    let isTaken = emotions.restore(key: 1, good.span.raw, &journal)
    #expect(isTaken)
    let isTakenTwice = emotions.restore(key: 2, good.span.raw, &journal)
    #expect(!isTakenTwice)
  }

  @Test func rewritingStopsWhereThereIsNoRoomAndGoesOn() {
    var mailroom = makeMailroom(batchSize: 200)
    var emotions = KnownEmotions(capacity: 9, seed: 1)
    for id in 0..<9 {
      _ = emotions.insert(
        short("u\(id)"), user: KnownEmotion.none, short("x"), at: 7, &mailroom.journal)
    }
    var (image, cursor, batches) = (RecordImage(), 0 as Int?, 0)
    mailroom.journal.begin(isFresh: true)
    while let place = cursor {
      cursor = emotions.rewrite(from: place, &mailroom.journal)
      let isLast = cursor == nil
      mailroom.sealJournal(goesOn: !isLast) { image.apply(bytes($0)) }
      mailroom.journalLanded()
      batches += 1
    }
    #expect(batches > 2)
    #expect(image.records.count == 9)
  }

  private func makeMailroom(batchSize: Int = 4096) -> Mailroom {
    Mailroom(
      connections: 1, places: 4, slots: 4, slotSize: 256, draftSize: 256, seed: 1,
      journal: Journal(batchSize: batchSize, recordSize: 256))
  }

  private func bytes(_ span: RawSpan) -> [UInt8] { (0..<span.byteCount).map { span[$0] } }
}
