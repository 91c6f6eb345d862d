import HTTP
import Memory
import Testing

@Suite struct ResponseTests {
  private let get = parse(request()).value!

  @Test func aBodyFollowsItsLength() {
    let text = written { out in
      Response(.ok, to: get, date: 784_111_777).write("text/plain", "hello", to: &out) {
        $0.field("Vary", "Origin")
      }
    }
    #expect(
      text == """
        HTTP/1.1 200 OK\r
        Date: Sun, 06 Nov 1994 08:49:37 GMT\r
        Connection: keep-alive\r
        Cache-Control: no-store\r
        Content-Type: text/plain\r
        Content-Length: 5\r
        Vary: Origin\r
        \r
        hello
        """)
  }

  @Test func headHasTheLengthAndNoBody() {
    let head = parse(request(line: "HEAD / HTTP/1.1")).value!
    let text = written { Response(.ok, to: head).write("text/plain", "hello", to: &$0) }
    #expect(text.contains("Content-Length: 5\r\n") && text.hasSuffix("\r\n\r\n"))
    let error = written { Response(.notFound, to: head).writeError("Gone.", to: &$0) }
    #expect(error.contains("Content-Length: 39\r\n") && error.hasSuffix("\r\n\r\n"))
  }

  @Test func noContentHasNeitherLengthNorBody() {
    let text = written { Response(.noContent, to: get).write("text/plain", "", to: &$0) }
    #expect(!text.contains("Content-") && text.hasSuffix("\r\n\r\n"))
  }

  @Test func anErrorIsJSON() {
    let text = written { Response(.notFound, to: get).writeError("Gone.", to: &$0) }
    #expect(text.hasSuffix("\r\n\r\n{\"error\":\"not_found\",\"message\":\"Gone.\"}"))
    #expect(text.contains("Content-Type: application/json\r\nContent-Length: 39\r\n"))
    let coded = written {
      Response(.badRequest, to: get).writeError("No.", code: "bad_id", to: &$0)
    }
    #expect(coded.hasSuffix("{\"error\":\"bad_id\",\"message\":\"No.\"}"))
  }

  @Test func aStatusBringsItsFields() {
    let unauthorized = written { Response(.unauthorized, to: get).writeError("x", to: &$0) }
    #expect(unauthorized.contains("\r\nWWW-Authenticate: Bearer\r\n"))
    let upgrade = written { Response(.upgradeRequired, to: get).writeError("x", to: &$0) }
    #expect(
      upgrade.contains("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")
    )
    let method = written { out in
      var response = Response(.methodNotAllowed, to: get)
      response.allow = [.get, .head, .delete]
      response.writeError("x", to: &out)
    }
    #expect(method.contains("\r\nAllow: GET, HEAD, DELETE\r\n"))
    let later = written { out in
      var response = Response(closing: .serviceUnavailable)
      response.retryAfter = 30
      response.writeError("x", to: &out)
    }
    #expect(later.contains("Connection: close\r\nRetry-After: 30\r\n"))
  }

  @Test func theHandshakeEndsWithItsKey() {
    let accept: StaticString = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    let text = written { out in
      Response.writeSwitchingProtocols(accept: accept.bytes, to: &out) {
        $0.field("Sec-WebSocket-Protocol", "bearer")
      }
    }
    #expect(
      text == """
        HTTP/1.1 101 Switching Protocols\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
        Sec-WebSocket-Protocol: bearer\r
        \r

        """)
  }

  @Test func continueIsAStatusLine() {
    #expect(written { Response.writeContinue(to: &$0) } == "HTTP/1.1 100 Continue\r\n\r\n")
  }

  @Test func whatDoesNotFitIsReported() {
    var out = ByteWriter(capacity: 40)
    Response(closing: .notFound).writeError("Gone.", to: &out)
    let overflowed = out.overflowed
    #expect(overflowed)
  }

  @Test(arguments: RequestError.allCases)
  func everyRequestErrorClosesWithItsStatus(_ error: RequestError) {
    let text = written { Response.writeError(error, to: &$0) }
    #expect(text.hasPrefix("HTTP/1.1 \(error.status.rawValue) \(error.status.reason)\r\n"))
    #expect(text.contains("\r\nConnection: close\r\n"))
    #expect(text.hasSuffix(",\"message\":\"\(error.message)\"}"))
  }

  private func written(_ write: (inout ByteWriter) -> Void) -> String {
    var out = ByteWriter(capacity: 1024)
    write(&out)
    return String(out.bytes)
  }
}

extension Response {
  fileprivate func write(
    _ type: StaticString, _ body: StaticString, to out: inout ByteWriter,
    fields: (inout ByteWriter) -> Void = { _ in }
  ) {
    write(type, body.bytes, to: &out, fields: fields)
  }
}
