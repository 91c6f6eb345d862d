import HTTP
import Testing

@Suite struct OriginTests {
  @Test(arguments: [
    ("https://a.example", "a.example", true), ("https://a.example", "A.EXAMPLE:443", true),
    ("https://a.example:443", "a.example", true),
    ("https://a.example:8443", "a.example:8443", true),
    ("https://[::1]:8", "[::1]:8", true), ("https://a.example", "b.example", false),
    ("https://a.example", "a.example:8000", false), ("https://a.example:8000", "a.example", false),
    ("https://a.example", "a.example:80", false), ("https://a.example", "x.a.example", false),
    ("http://a.example", "a.example", false), ("null", "a.example", false),
    ("https://a.example/", "a.example", false), ("https://a@a.example", "a.example", false),
    ("capacitor://a.example", "a.example", false), ("", "a.example", false),
    ("https://", "a.example", false), ("https://a.example", "", false),
  ])
  func anEncryptedHostIsTheSame(_ origin: String, _ host: String, _ isSame: Bool) {
    #expect(isSameHost(origin, host, overTLS: true) == isSame)
  }

  @Test(arguments: [
    ("http://a.example", "a.example", true), ("http://a.example", "a.example:80", true),
    ("http://a.example:8000", "a.example:8000", true), ("https://a.example", "a.example", true),
    ("http://a.example", "a.example:443", false), ("ftp://a.example", "a.example", false),
  ])
  func anUnencryptedHostIsTheSame(_ origin: String, _ host: String, _ isSame: Bool) {
    #expect(isSameHost(origin, host, overTLS: false) == isSame)
  }

  private func isSameHost(_ origin: String, _ host: String, overTLS: Bool) -> Bool {
    withBytes(of: origin) { origin in
      withBytes(of: host) { Origin.isSameHost(origin, as: $0, overTLS: overTLS) }
    }
  }
}
