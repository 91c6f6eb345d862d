import Testing

@testable import Tokens

@Suite struct TokenErrorTests {
  /// They go into JSON and into log lines as they stand.
  @Test func everyMessageIsOneLineAndItsOwn() {
    let messages = TokenError.allCases.map { "\($0.message)" }
    #expect(Set(messages).count == messages.count)
    for message in messages {
      #expect(message.count > 20)
      #expect(message.allSatisfy { $0.isASCII && $0 >= " " && $0 != "\"" && $0 != "\\" })
    }
  }
}
