import HTTP
import Memory
import Testing

@Suite struct TargetTests {
  @Test(arguments: [
    ("", "/"), ("/", "/"), ("/ws/lobby", "/ws/lobby"), ("/%65ch%6F", "/echo"), ("//a//", "//a//"),
    ("/%F0%9F%90%A6", "/\u{1F426}"), ("/...", "/..."), ("/.a/b.", "/.a/b."), ("/a%20b+c", "/a b+c"),
    ("/%2541", "/%41"),
  ])
  func aPathIsDecoded(_ path: String, _ expected: String) throws {
    #expect(try decoded(path) == expected)
  }

  @Test(arguments: [
    ("/.", RequestError.dotSegment), ("/..", .dotSegment), ("/./a", .dotSegment),
    ("/a/../b", .dotSegment), ("/a/%2e%2E/b", .dotSegment), ("/a/.%2e", .dotSegment),
    ("/a%2fb", .escapedDelimiter), ("/a%2Fb", .escapedDelimiter), ("/%00", .escapedDelimiter),
    ("/%0d%0a", .escapedDelimiter), ("/%7f", .escapedDelimiter), ("/%", .percentEscape),
    ("/%4", .percentEscape), ("/%x0", .percentEscape),
    ("/" + String(repeating: "a", count: 64), .requestLineTooLong),
  ])
  func aPathIsRefused(_ path: String, _ error: RequestError) {
    #expect(throws: error) { try decoded(path) }
  }

  @Test func aPathIsAppendedToWhatIsThere() throws {
    var writer = ByteWriter(capacity: 64)
    writer.append("..")
    try withBytes(of: "/a") { path throws(RequestError) in
      try Target.decode(path: path, into: &writer)
    }
    let text = String(writer.bytes)
    #expect(text == "../a")
  }

  @Test(arguments: [
    ("room=a", "a"), ("x=1&room=a&room=b", "a"), ("room", ""), ("room=", ""), ("room=a=b", "a=b"),
    ("r%6fom=a+b%2B", "a b+"), ("&&room=%C3%A9", "\u{E9}"), ("rooms=1&roo=2&room=3", "3"),
    ("room&room=1", ""),
  ])
  func aParameterIsFound(_ query: String, _ expected: String) throws {
    #expect(try parameter("room", of: query) == expected)
  }

  @Test(arguments: ["", "rooms=1", "x=room", "=room", "ROOM=1", "room+=1", "x=%zz"])
  func noParameterIsFound(_ query: String) throws {
    #expect(try parameter("room", of: query) == nil)
  }

  @Test(arguments: [
    ("room=%", RequestError.percentEscape), ("room=%4", .percentEscape), ("%g1=1", .percentEscape),
    ("room=" + String(repeating: "a", count: 65), .requestLineTooLong),
  ])
  func aParameterIsRefused(_ query: String, _ error: RequestError) {
    #expect(throws: error) { try parameter("room", of: query) }
  }

  private func decoded(_ path: String) throws(RequestError) -> String {
    var writer = ByteWriter(capacity: 64)
    try withBytes(of: path) { bytes throws(RequestError) in
      try Target.decode(path: bytes, into: &writer)
    }
    return String(writer.bytes)
  }

  private func parameter(
    _ name: StaticString, of query: String
  ) throws(RequestError) -> String? {
    var writer = ByteWriter(capacity: 64)
    let isFound = try withBytes(of: query) { bytes throws(RequestError) in
      try Target.appendParameter(name, of: bytes, to: &writer)
    }
    return isFound ? String(writer.bytes) : nil
  }
}
