import Delivery
import Memory
import TestSupport
import Testing

@testable import EmotionSync

@Suite struct KnownEmotionsTests {
  private func short(_ text: String) -> ShortText {
    ShortText(prefixOf: Array(text.utf8).span.raw)
  }

  private func ids(_ emotions: borrowing KnownEmotions, among ids: [String]) -> [String] {
    ids.filter { emotions.find(short($0).bytes) != nil }
  }

  @Test func whatChangedLeastRecentlyGoesFirst() {
    var journal = Journal()
    var emotions = KnownEmotions(capacity: 3, seed: 1)
    for id in ["a", "b", "c"] {
      _ = emotions.insert(short(id), user: KnownEmotion.none, short("x"), at: 1, &journal)
    }
    let first = emotions.find(short("a").bytes)!
    emotions.change(first, to: short("y"), at: 2, &journal)
    let emotion = emotions.table[first].emotion
    #expect(emotion == short("y"))
    let all = ["a", "b", "c", "d", "e"]
    _ = emotions.insert(short("d"), user: KnownEmotion.none, short("x"), at: 3, &journal)
    let afterOne = ids(emotions, among: all)
    #expect(afterOne == ["a", "c", "d"])
    _ = emotions.insert(short("e"), user: KnownEmotion.none, short("x"), at: 3, &journal)
    let afterTwo = ids(emotions, among: all)
    #expect(afterTwo == ["a", "d", "e"])
  }

  @Test func nobodysWhoIsConnected() {
    var journal = Journal()
    var emotions = KnownEmotions(capacity: 2, seed: 1)
    let first = emotions.insert(short("a"), user: 0, short("x"), at: 1, &journal)
    _ = emotions.insert(short("b"), user: KnownEmotion.none, short("x"), at: 1, &journal)
    _ = emotions.insert(short("c"), user: KnownEmotion.none, short("x"), at: 1, &journal)
    let whileConnected = ids(emotions, among: ["a", "b", "c"])
    #expect(whileConnected == ["a", "c"])
    emotions.connect(first, to: KnownEmotion.none)
    _ = emotions.insert(short("d"), user: KnownEmotion.none, short("x"), at: 1, &journal)
    let afterwards = ids(emotions, among: ["a", "c", "d"])
    #expect(afterwards == ["c", "d"])
  }

  @Test(arguments: 1...10) func randomChangesFollowTheModel(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var journal = Journal()
    var emotions = KnownEmotions(capacity: 6, seed: seed)
    // The least recently changed first.
    var model: [String] = []
    for time in 0..<500 as Range<UInt64> {
      let id = "u\(random.below(12))"
      if let place = emotions.find(short(id).bytes) {
        emotions.change(place, to: short("\(time)"), at: time, &journal)
      } else {
        _ = emotions.insert(
          short(id), user: KnownEmotion.none, short("\(time)"), at: time, &journal)
      }
      model.removeAll { $0 == id }
      model.append(id)
      if model.count > 6 { model.removeFirst() }
      let found = ids(emotions, among: (0..<12).map { "u\($0)" })
      #expect(Set(found) == Set(model))
    }
  }

  @Test func whatIsOnDiskComesBack() {
    var mailroom = makeMailroom()
    mailroom.journal.begin(isFresh: false)
    var emotions = KnownEmotions(capacity: 3, seed: 1)
    for (time, id) in ["a", "b", "a", "c", "d"].enumerated() {
      if let place = emotions.find(short(id).bytes) {
        emotions.change(place, to: short("again"), at: UInt64(time), &mailroom.journal)
      } else {
        _ = emotions.insert(
          short(id), user: KnownEmotion.none, short("once"), at: UInt64(time), &mailroom.journal)
      }
    }
    var image = RecordImage()
    mailroom.sealJournal(goesOn: false) { image.apply(bytes($0)) }
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
