import Memory
import Testing

@testable import EmotionSync

@Suite struct AllowedEmotionsTests {
  private func allows(_ emotion: String, _ list: String) -> Bool {
    let allowed = AllowedEmotions(Array(list.utf8).span.raw)
    return allowed.allows(Array(emotion.utf8).span.raw)
  }

  @Test func withoutNamesAnyIsTaken() {
    for list in ["", ",", " , "] { #expect(allows("x", list)) }
  }

  @Test func withNamesOnlyThose() {
    for list in ["happy,sad", " happy , sad,", ",sad,,happy"] {
      #expect(allows("happy", list) && allows("sad", list))
      for other in ["happ", "happy,sad", " sad", "", "Happy", "happyy"] {
        #expect(!allows(other, list))
      }
    }
  }

  @Test func theyAreWrittenAsAnArray() {
    let list = #" a"b ,c"#
    let allowed = AllowedEmotions(Array(list.utf8).span.raw)
    var draft = ByteWriter(capacity: 100)
    allowed.write(to: &draft)
    let text = String(decoding: (0..<draft.count).map { draft.bytes[$0] }, as: UTF8.self)
    #expect(text == #"["a\"b","c"]"#)
  }
}
