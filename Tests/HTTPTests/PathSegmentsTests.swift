import HTTP
import Testing

@Suite struct PathSegmentsTests {
  @Test(arguments: [
    ("/", [""]), ("/ws", ["ws"]), ("/ws/", ["ws", ""]), ("/ws/lobby", ["ws", "lobby"]),
    ("//a", ["", "a"]),
  ])
  func segmentsStandBetweenSlashes(_ path: String, _ expected: [String]) {
    let found = withBytes(of: path) { bytes in
      var found: [String] = []
      var segments = PathSegments(of: bytes)
      while let segment = segments.next() { found.append(String(segment)) }
      return found
    }
    #expect(found == expected)
  }
}
