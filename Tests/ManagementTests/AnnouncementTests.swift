import Delivery
import Memory
import Testing

@testable import Management

@Suite struct AnnouncementTests {
  private let now = Moment(monotonic: 1, wall: 1_234_567_890_123)

  private func written(_ body: String) throws -> String {
    var draft = ByteWriter(capacity: 1000)
    try Announcement.write(Array(body.utf8).span.raw, at: now, to: &draft)
    return String(decoding: (0..<draft.count).map { draft.bytes[$0] }, as: UTF8.self)
  }

  private func fault(_ body: String) -> AnnouncementError? {
    var draft = ByteWriter(capacity: 1000)
    do throws(AnnouncementError) {
      try Announcement.write(Array(body.utf8).span.raw, at: now, to: &draft)
      return nil
    } catch {
      let isEmpty = draft.count == 0
      if !isEmpty { Issue.record("something of it stays in the draft") }
      return error
    }
  }

  @Test func theTimeIsAddedAndTheRestStaysAsItIs() throws {
    #expect(
      try written(#" { "type" : "x", "a" : [1, {"b":null}] , "timestamp":7, "\u0074":"y" } "#)
        == #"{"type":"x","a":[1, {"b":null}],"\u0074":"y","timestamp":"2009-02-13T23:31:30.123Z"}"#)
  }

  @Test(arguments: ["", "[]", "7", "{", #"{"type":"x"} x"#, #"{"type":"x",}"#, #"{"type":}"#])
  func whatIsNoObjectIsRefused(_ body: String) { #expect(fault(body) == .malformed) }

  @Test(arguments: ["{}", #"{"type":7}"#, #"{"type":null}"#, #"{"typ":"x"}"#])
  func whatHasNoTypeIsRefused(_ body: String) { #expect(fault(body) == .type) }
}
