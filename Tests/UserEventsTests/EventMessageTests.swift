import Memory
import Testing

@testable import UserEvents

@Suite struct EventMessageTests {
  private func read(_ text: String) -> Result<EventAction, EventRefusal> {
    do throws(EventRefusal) {
      return .success(try EventMessage.read(Array(text.utf8).span.raw))
    } catch {
      return .failure(error)
    }
  }

  private func kinds(_ kinds: EventKind...) -> EventKinds {
    var set = EventKinds()
    for kind in kinds { set.insert(kind) }
    return set
  }

  @Test func whatIsUnderstood() {
    #expect(read(#"{"type":"ping"}"#) == .success(.ping))
    #expect(read(#"{"type":"pong","x":{}}"#) == .success(.pong))
    #expect(
      read(#"{"type":"subscribe","data":{"events":["upload","analysis"]}}"#)
        == .success(.subscribe(kinds(.upload, .analysis))))
    #expect(
      read(#"{"data":{"a":1,"events":["notification","notification"]},"type":"unsubscribe"}"#)
        == .success(.unsubscribe(kinds(.notification))))
    #expect(
      read(#"{"type":"subscribe","data":{"events":[]}}"#) == .success(.subscribe(EventKinds())))
  }

  @Test func whatIsRefused() {
    for (text, refusal) in [
      ("", EventRefusal.malformed), ("[]", .malformed), (#"{"type":"ping""#, .malformed),
      ("{}", .noType), (#"{"type":1}"#, .noType), (#"{"type":"join"}"#, .unknownType),
      (#"{"type":"subscribe"}"#, .noEvents), (#"{"type":"subscribe","data":[]}"#, .noEvents),
      (#"{"type":"subscribe","data":{"events":"upload"}}"#, .noEvents),
      (#"{"type":"subscribe","data":{"events":[1]}}"#, .noEvents),
      (#"{"type":"unsubscribe","data":{"events":["upload","x"]}}"#, .unknownEvent),
    ] {
      #expect(read(text) == .failure(refusal))
    }
  }
}
