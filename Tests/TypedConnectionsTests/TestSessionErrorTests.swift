import Testing

@testable import TypedConnections

@Suite struct TestSessionErrorTests {
  @Test func eachHasItsAnswerAndItsWords() {
    let all: [(TestSessionError, TestSessionError.Kind)] = [
      (.malformed, .unprocessable), (.duration, .unprocessable), (.autostart, .unprocessable),
      (.running, .conflict), (.submitted, .conflict), (.tooManySessions, .full), (.busy, .full),
    ]
    for (error, kind) in all { #expect(error.kind == kind) }
    let words = Set(all.map { "\($0.0.message)" })
    #expect(words.count == all.count)
    #expect(words.allSatisfy { !$0.contains("\"") && !$0.contains("\\") && $0.hasSuffix(".") })
  }
}
