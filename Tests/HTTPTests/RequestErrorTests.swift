import HTTP
import Testing

@Suite struct RequestErrorTests {
  @Test(arguments: [
    (RequestError.lineFolding, Status.badRequest), (.requestLineTooLong, .uriTooLong),
    (.headTooLarge, .requestHeaderFieldsTooLarge), (.tooManyFields, .requestHeaderFieldsTooLarge),
    (.bodyTooLarge, .contentTooLarge), (.transferCoding, .notImplemented),
    (.version, .httpVersionNotSupported), (.expectation, .expectationFailed),
  ])
  func anErrorKnowsItsStatus(_ error: RequestError, _ status: Status) {
    #expect(error.status == status)
  }

  @Test(arguments: RequestError.allCases)
  func aMessageIsJSONAsItIs(_ error: RequestError) {
    let message = "\(error.message)"
    #expect(message.hasSuffix(".") && message.count > 10)
    #expect(message.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C })
  }
}
