import HTTP
import Memory

let wide = RequestLimits(headSize: 65_535, requestLineSize: 8192, fieldCount: 100)

/// What a parser says, in a form that tests can compare.
enum Outcome<Value> {
  case needMore
  case done(Value, consumed: Int)
  case refused(RequestError)

  var value: Value? { if case .done(let value, _) = self { value } else { nil } }
  var error: RequestError? { if case .refused(let error) = self { error } else { nil } }
  var isWaiting: Bool { if case .needMore = self { true } else { false } }
}

func outcome<Value>(_ parse: () throws(RequestError) -> Parsed<Value>) -> Outcome<Value> {
  do {
    return switch try parse() {
    case .needMore: .needMore
    case .done(let value, let consumed): .done(value, consumed: consumed)
    }
  } catch {
    return .refused(error)
  }
}

func parse(_ bytes: [UInt8], within limits: RequestLimits = wide) -> Outcome<RequestHead> {
  outcome { () throws(RequestError) in try RequestHead.parse(bytes.span.raw, within: limits) }
}

func parse(_ text: String, within limits: RequestLimits = wide) -> Outcome<RequestHead> {
  parse(Array(text.utf8), within: limits)
}

/// A head of one request with `lines` behind its Host.
func request(_ lines: String..., line: String = "GET / HTTP/1.1") -> String {
  ([line, "Host: a"] + lines).joined(separator: "\r\n") + "\r\n\r\n"
}

extension String {
  init(_ bytes: borrowing RawSpan) {
    var copy: [UInt8] = []
    for offset in 0..<bytes.byteCount { copy.append(bytes[offset]) }
    self = String(decoding: copy, as: UTF8.self)
  }

  init?(_ bytes: RawSpan?) {
    guard let bytes else { return nil }
    self.init(bytes)
  }

  /// What stands at `range` of this text's bytes.
  func at(_ range: ByteRange?) -> String? {
    guard let range else { return nil }
    return String(Array(utf8).span.raw[range])
  }
}

/// Runs `body` with the bytes of `text`.
func withBytes<Result, Failure: Error>(
  of text: String, _ body: (RawSpan) throws(Failure) -> Result
) throws(Failure) -> Result {
  let bytes = Array(text.utf8)
  return try body(bytes.span.raw)
}

let browserUpgrade = """
  GET /ws/lobby?token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl&username=Ada HTTP/1.1\r
  Host: gateway.example:8000\r
  Connection: keep-alive, Upgrade\r
  Pragma: no-cache\r
  Cache-Control: no-cache\r
  User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36\r
  Upgrade: websocket\r
  Origin: https://app.example\r
  Sec-WebSocket-Version: 13\r
  Accept-Encoding: gzip, deflate, br, zstd\r
  Accept-Language: en-GB,en-US;q=0.9,en;q=0.8\r
  Cookie: theme=dark; token=abc.def.ghi\r
  Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
  Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r
  Sec-WebSocket-Protocol: bearer, abc.def.ghi\r
  \r

  """
