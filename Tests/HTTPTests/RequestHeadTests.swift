import HTTP
import Memory
import Testing

@Suite struct RequestHeadTests {
  @Test func aBrowsersUpgradeIsReadWhole() throws {
    let head = try #require(parse(browserUpgrade).value)
    #expect(head.method == .get)
    #expect(head.asksForWebSocket && head.keepsConnection && !head.expectsContinue)
    #expect(head.minorVersion == 1 && head.body == .none)
    #expect(browserUpgrade.at(head.path) == "/ws/lobby")
    #expect(
      browserUpgrade.at(head.query)
        == "token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl&username=Ada")
    #expect(browserUpgrade.at(head.host) == "gateway.example:8000")
    #expect(browserUpgrade.at(head.origin) == "https://app.example")
    #expect(browserUpgrade.at(head.cookie) == "theme=dark; token=abc.def.ghi")
    #expect(browserUpgrade.at(head.webSocketKey) == "dGhlIHNhbXBsZSBub25jZQ==")
    #expect(browserUpgrade.at(head.webSocketVersion) == "13")
    #expect(head.authorization == nil)
  }

  @Test func whatComesBehindTheHeadIsNotItsOwn() {
    let text = request("Content-Length: 5", line: "POST / HTTP/1.1")
    guard case .done(let head, let consumed) = parse(text + "hello") else {
      Issue.record("a whole head was not taken")
      return
    }
    #expect(consumed == text.utf8.count)
    #expect(head.body == .length(5))
  }

  @Test func valuesOfOneNameComeInOrder() throws {
    let text = request("X-List: 1 ", "X-Lists: 2", "x-list:3", "X-LIST:", "Last: 4")
    let head = try #require(parse(text).value)
    var values: [String] = []
    withBytes(of: text) { bytes in
      head.forEachValue(of: "x-list", in: bytes) { values.append(String($0)) }
    }
    #expect(values == ["1", "3", ""])
  }

  @Test func aHeadWithoutFieldsHasNoValues() throws {
    let text = "GET / HTTP/1.0\r\n\r\n"
    let head = try #require(parse(text).value)
    var count = 0
    withBytes(of: text) { head.forEachValue(of: "host", in: $0) { _ in count += 1 } }
    #expect(count == 0)
  }

  @Test func aHeadIsSmall() {
    #expect(MemoryLayout<RequestHead>.size <= 96)
    #expect(MemoryLayout<RequestHeadParser>.size <= 144)
  }
}
