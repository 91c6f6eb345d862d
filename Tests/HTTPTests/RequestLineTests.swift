import HTTP
import Testing

@Suite struct RequestLineTests {
  @Test(arguments: [
    ("GET", Method.get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("DELETE", .delete),
    ("OPTIONS", .options), ("PATCH", .patch), ("TRACE", .other), ("get", .other), ("G", .other),
    ("M-SEARCH", .other), ("!#$%&'*+-.^_`|~09", .other),
  ])
  func aTokenIsAMethod(_ name: String, _ method: Method) {
    #expect(parse(request(line: "\(name) / HTTP/1.1")).value?.method == method)
  }

  @Test(arguments: [
    ("GET", RequestError.requestLine), ("GET /", .requestLine), ("GET  / HTTP/1.1", .target),
    ("GET /  HTTP/1.1", .target), ("GET / HTTP/1.1 ", .requestLine),
    ("GET / x HTTP/1.1", .target), ("GET HTTP/1.1", .requestLine),
    ("GET\t/ HTTP/1.1", .method), (" GET / HTTP/1.1", .method), ("G:T / HTTP/1.1", .method),
    ("GET\u{DF} / HTTP/1.1", .method), ("GET / http/1.1", .requestLine),
    ("GET / HTTP/11", .requestLine), ("GET / HTTP/1.10", .requestLine),
    ("GET / HTTP/x.1", .requestLine), ("GET / HTTP/1,1", .requestLine),
    ("GET / HTTP/0.9", .version), ("GET / HTTP/2.0", .version), ("PRI * HTTP/2.0", .version),
    ("GET x HTTP/1.1", .target), ("GET x/y HTTP/1.1", .target), ("GET * HTTP/1.1", .target),
    ("GET a:443 HTTP/1.1", .target), ("CONNECT / HTTP/1.1", .target),
    ("CONNECT a HTTP/1.1", .target), ("CONNECT a: HTTP/1.1", .target),
    ("GET /# HTTP/1.1", .target), ("GET /\" HTTP/1.1", .target), ("GET /<> HTTP/1.1", .target),
    ("GET /\\ HTTP/1.1", .target), ("GET /\u{E9} HTTP/1.1", .target), ("GET /?[ HTTP/1.1", .target),
    ("GET /% HTTP/1.1", .percentEscape), ("GET /%4 HTTP/1.1", .percentEscape),
    ("GET /%4g HTTP/1.1", .percentEscape), ("GET /?%zz HTTP/1.1", .percentEscape),
    ("GET ftp://a/ HTTP/1.1", .target), ("GET http:///x HTTP/1.1", .target),
    ("GET http:// HTTP/1.1", .target), ("GET http://u@a/ HTTP/1.1", .target),
    ("GET http://a:b/ HTTP/1.1", .target),
  ])
  func isRefused(_ line: String, _ error: RequestError) {
    #expect(parse(request(line: line)).error == error)
  }

  @Test(arguments: [
    ("/", "/", nil), ("/a/b", "/a/b", nil), ("/a?", "/a", ""), ("/a?b=c", "/a", "b=c"),
    ("/a?b?c/d", "/a", "b?c/d"), ("/%41?%42", "/%41", "%42"), ("//x", "//x", nil),
    ("/-._~!$&'()*+,;=:@", "/-._~!$&'()*+,;=:@", nil),
  ])
  func pathAndQueryAreFound(_ target: String, _ path: String, _ query: String?) throws {
    let text = request(line: "GET \(target) HTTP/1.1")
    let head = try #require(parse(text).value)
    #expect(text.at(head.path) == path)
    #expect(text.at(head.query) == query)
    #expect(head.targetForm == .origin)
  }

  @Test(arguments: [
    ("http://b", "b", "", nil), ("http://b/", "b", "/", nil), ("HTTPS://b:1/x?y", "b:1", "/x", "y"),
    ("ws://b?y", "b", "", "y"), ("wss://[::1]:8/x", "[::1]:8", "/x", nil),
  ])
  func anAbsoluteTargetNamesTheHost(
    _ target: String, _ host: String, _ path: String, _ query: String?
  ) throws {
    let text = request(line: "GET \(target) HTTP/1.1")
    let head = try #require(parse(text).value)
    #expect(head.targetForm == .absolute)
    #expect(text.at(head.host) == host)
    #expect(text.at(head.path) == path)
    #expect(text.at(head.query) == query)
  }

  @Test func theServerItselfIsATargetForOptions() {
    #expect(parse(request(line: "OPTIONS * HTTP/1.1")).value?.targetForm == .asterisk)
  }

  @Test func connectIsReadSoThatItCanBeAnswered() {
    let head = parse(request(line: "CONNECT a:443 HTTP/1.1")).value
    #expect(head?.targetForm == .authority)
    #expect(head?.method == .other)
  }

  @Test(arguments: [("1.0", 0), ("1.1", 1), ("1.9", 1)])
  func minorVersionsAreTaken(_ version: String, _ minor: UInt8) {
    #expect(parse(request(line: "GET / HTTP/\(version)")).value?.minorVersion == minor)
  }
}
