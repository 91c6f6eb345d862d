import HTTP
import Testing

@Suite struct FieldLineTests {
  @Test(arguments: [
    ("Content-Length : 3", RequestError.spaceBeforeColon), ("X\t: 3", .spaceBeforeColon),
    (" X: 3", .lineFolding), ("\tX: 3", .lineFolding), (": 3", .fieldName), ("X", .fieldName),
    ("X Y: 3", .spaceBeforeColon), ("X(: 3", .fieldName), ("X\u{DF}: 3", .fieldName),
    ("\"X\": 3", .fieldName), ("X/Y: 3", .fieldName),
    ("Content-Length: ", .contentLength), ("Content-Length: -1", .contentLength),
    ("Content-Length: +1", .contentLength), ("Content-Length: 0x1", .contentLength),
    ("Content-Length: 1 1", .contentLength), ("Content-Length: 1_0", .contentLength),
    ("Content-Length: 1.0", .contentLength), ("Content-Length: 5, 5", .contentLength),
    ("Content-Length: 5\r\nContent-Length: 5", .contentLength),
    ("Content-Length: 5\r\nContent-Length: 6", .contentLength),
    ("Content-Length: 9223372036854775808", .contentLength),
    ("Content-Length: 99999999999999999999999", .contentLength),
    ("Content-Length: 5\r\nTransfer-Encoding: chunked", .twoBodyLengths),
    ("Transfer-Encoding: chunked\r\nContent-Length: 5", .twoBodyLengths),
    ("Transfer-Encoding: identity", .transferEncoding), ("Transfer-Encoding: ", .transferEncoding),
    ("Transfer-Encoding: gzip", .transferEncoding),
    ("Transfer-Encoding: chunked, gzip", .transferEncoding),
    ("Transfer-Encoding: chunked, chunked", .transferEncoding),
    ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .transferEncoding),
    ("Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip", .transferEncoding),
    ("Transfer-Encoding: ,chunked", .transferEncoding),
    ("Transfer-Encoding: chunked,", .transferEncoding),
    ("Transfer-Encoding: xchunked", .transferEncoding),
    ("Transfer-Encoding: chunked;x=y", .transferEncoding),
    ("Transfer-Encoding: \"chunked\"", .transferEncoding),
    ("Transfer-Encoding: gzip, chunked", .transferCoding),
    ("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", .transferCoding),
    ("Host: a", .repeatedField), ("Origin: a\r\nOrigin: a", .repeatedField),
    ("Cookie: a=b\r\nCookie: c=d", .repeatedField),
    ("Authorization: a\r\nauthorization: b", .repeatedField),
    ("Sec-WebSocket-Key: a\r\nSec-WebSocket-Key: a", .repeatedField),
    ("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13", .repeatedField),
    ("Expect: x", .expectation), ("Expect: ", .expectation),
  ])
  func isRefused(_ lines: String, _ error: RequestError) {
    #expect(parse(request(lines)).error == error)
  }

  @Test(arguments: [
    ("Content-Length: 0", RequestHead.Body.none), ("Content-Length: 00", .none),
    ("content-LENGTH:\t5 ", .length(5)), ("Content-Length: 007", .length(7)),
    ("Content-Length: 9223372036854775807", .length(.max)),
    ("Transfer-Encoding: chunked", .chunked), ("transfer-encoding: \tCHUNKED ", .chunked),
    ("Content_Length: 5", .none), ("Content-Lengths: 5", .none), ("Xontent-Length: 5", .none),
  ])
  func theBodyIsFramed(_ line: String, _ body: RequestHead.Body) {
    #expect(parse(request(line)).value?.body == body)
  }

  @Test(arguments: [
    ("Connection: Upgrade\r\nUpgrade: websocket", true),
    ("connection: keep-alive, UPGRADE\r\nupgrade: WebSocket", true),
    ("Connection: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\nUpgrade: x, websocket", true),
    ("Connection: upgrade", false), ("Upgrade: websocket", false),
    ("Connection: upgrades\r\nUpgrade: websocket", false),
    ("Connection: upgrade\r\nUpgrade: websocket/13", false),
    ("Connection: \"upgrade\"\r\nUpgrade: websocket", false),
  ])
  func theUpgradeIsAskedFor(_ lines: String, _ isAskedFor: Bool) {
    #expect(parse(request(lines)).value?.asksForWebSocket == isAskedFor)
  }

  @Test func valuesLoseTheWhiteSpaceAround() throws {
    let text = request("Origin: \t https://a b \t ", "Cookie:", "Authorization:x")
    let head = try #require(parse(text).value)
    #expect(text.at(head.origin) == "https://a b")
    #expect(text.at(head.cookie) == "")
    #expect(text.at(head.authorization) == "x")
  }

  @Test func valuesMayHoldTabsAndBytesAbove127() throws {
    let text = request("Origin: a\tb\u{E9}")
    #expect(text.at(try #require(parse(text).value).origin) == "a\tb\u{E9}")
  }
}
