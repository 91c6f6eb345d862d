import Testing

@testable import HTTP

@Suite struct AuthorityTests {
  @Test(arguments: [
    ("a", 1, nil), ("a.example", 9, nil), ("a:", 1, nil), ("a:0", 1, 0), ("a:8000", 1, 8000),
    ("a:65535", 1, 65535), ("a:00080", 1, 80), ("127.0.0.1:1", 9, 1), ("0.0.0.0=5000", 12, nil),
    ("%41b", 4, nil), ("a_b-c~d", 7, nil), ("[::]", 4, nil), ("[::1]:8", 5, 8),
    ("[1:2:3:4:5:6:7:8]", 17, nil), ("[1::8]", 6, nil), ("[::ffff:1.2.3.4]", 16, nil),
    ("[1:2:3:4:5:6:7::]", 17, nil), ("[1:2:3:4:5:6:1.2.3.4]", 21, nil), ("[FE80::a]", 9, nil),
  ])
  func isTaken(_ text: String, _ hostSize: Int, _ port: UInt16?) throws {
    let authority = try #require(withBytes(of: text) { Authority($0) })
    #expect(authority.host == 0..<hostSize)
    #expect(authority.port == port)
  }

  @Test(arguments: [
    "", ":80", "a:b", "a:65536", "a:99999999999", "a:-1", "a:1:2", "a b", "a/", "a@b", "a,b:c,",
    "a#", "a\u{E9}", "%4", "%zz", "[", "[]", "[::1", "::1", "[::1]x", "[1]", "[1:2:3:4:5:6:7]",
    "[1:2:3:4:5:6:7:8:9]", "[1::2::3]", "[:::]", "[:1]", "[1:]", "[12345::]", "[g::]",
    "[::1%25eth0]",
    "[1:2:3:4:5:6:7:8::]", "[::1.2.3]", "[::1.2.3.256]", "[::01.2.3.4]", "[::1.2.3.4.5]",
    "[1.2.3.4]", "[::1.2.3.4:5]", "[v1.x]", "[::1..2.3]",
  ])
  func isRefused(_ text: String) {
    #expect(withBytes(of: text) { Authority($0) } == nil)
  }

  @Test(arguments: ["a b", "a@b", "a/", "", "[::1", "a:b", "a,b"])
  func aRequestForItIsRefused(_ host: String) {
    let error = parse("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n").error
    #expect(error == (host == "a,b" ? nil : .host))
  }
}
