import Testing

@testable import Host

@Suite struct ProcessTests {
  @Test func whatTheSystemCannotGiveItDoesNotPromise() {
    #expect(Process.hasMemory(1 << 20))
    #expect(!Process.hasMemory(.max))
    #expect(!Process.hasMemory(1 << 60))
  }

  @Test(arguments: [("127.0.0.1", true), ("198.51.100.7", false), ("nobody", false), ("", false)])
  func anAddressIsHereOrNot(text: String, isHere: Bool) {
    #expect(Process.hasAddress(Array(text.utf8)) == isHere)
  }
}
