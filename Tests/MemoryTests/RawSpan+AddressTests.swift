import Memory
import Testing

@Suite struct RawSpanAddressTests {
  /// Whether it is an address of IPv4, and of IPv6.
  private func kind(_ text: String) -> [Bool] {
    let bytes = Array(text.utf8)
    return [bytes.span.bytes.isIPv4Address, bytes.span.bytes.isIPv6Address]
  }

  @Test(arguments: ["0.0.0.0", "127.0.0.1", "255.255.255.255"])
  func ofFourOctets(text: String) {
    #expect(kind(text) == [true, false])
  }

  @Test(arguments: [
    "::", "::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "FE80::a", "::ffff:1.2.3.4",
    "1111:2222:3333:4444:5555:6666:111.222.111.222",
  ])
  func ofGroups(text: String) {
    #expect(kind(text) == [false, true])
  }

  @Test(arguments: [
    "", " ", "localhost", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4\0", "1.2.3.4 ",
    ":::", "1::2::3", "::1%eth0", "[::1]", "::1.2.3", "12345::", "::1\0", "1:2:3:4:5:6:7:8::",
    "1111:2222:3333:4444:5555:6666:111.222.111.2222",
  ])
  func none(text: String) {
    #expect(kind(text) == [false, false])
  }
}
