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
    emotions.change(first, to: short("y"), at: 2, journal)
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
        emotions.change(place, to: short("\(time)"), at: time, journal)
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
}
