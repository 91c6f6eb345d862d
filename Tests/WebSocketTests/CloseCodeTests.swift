import Testing
import WebSocket

@Suite struct CloseCodeTests {
  @Test func onlyCodesThatMayTravelAreTaken() {
    let taken = Set<UInt16>([1000, 1001, 1002, 1003] + Array(1007...1014) + Array(3000...4999))
    for code in UInt16.min...UInt16.max {
      let mayBeReceived = CloseCode(rawValue: code).mayBeReceived
      if mayBeReceived != taken.contains(code) { Issue.record("\(code)") }
    }
  }

  @Test func aViolationKnowsItsCode() {
    #expect(CloseCode(.invalidUTF8) == .invalidPayload)
    #expect(CloseCode(.messageTooBig) == .messageTooBig)
    #expect(CloseCode(.unmasked) == .protocolError)
    #expect(CloseCode(.closePayload) == .protocolError)
  }
}
