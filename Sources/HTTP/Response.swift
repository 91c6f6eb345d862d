import Memory

/// One response, written in one go: what its status asks for stands in it, whoever writes it.
public struct Response: Sendable {
  public var status: Status
  /// Whether the connection stays open for another request.
  public var keepsConnection: Bool
  /// Whether it answers HEAD: the body is left out, its length is not (RFC 9110, section 9.3.2).
  public var answersHead = false
  /// Seconds since 1970, nil while the clock is not set (RFC 9110, section 6.6.1).
  public var date: Int64?
  /// What the path takes: with 405 it must be set (RFC 9110, section 15.5.6).
  public var allow: MethodSet = []
  /// Seconds, with 429 and 503.
  public var retryAfter: Int?

  /// The answer to a request that could be read.
  public init(_ status: Status, to head: RequestHead, date: Int64? = nil) {
    self.status = status
    self.date = date
    // Where a body ends that nobody reads, the next request would begin.
    keepsConnection = head.keepsConnection && head.body == .none
    answersHead = head.method == .head
  }

  /// The last answer on a connection, whatever was asked.
  public init(closing status: Status, date: Int64? = nil) {
    self.status = status
    self.date = date
    keepsConnection = false
  }

  /// Writes the head and the body. Nothing tells here that `out` was too small but its
  /// `overflowed`.
  ///
  /// - Parameters:
  ///   - contentType: of the body; with 204 there is neither.
  ///   - fields: writes further field lines.
  public func write(
    _ contentType: StaticString, _ body: RawSpan, to out: inout ByteWriter,
    fields: (inout ByteWriter) -> Void = { _ in }
  ) {
    writeStart(to: &out)
    if status.hasContent {
      out.field("Content-Type", contentType)
      out.field("Content-Length", body.byteCount)
    }
    fields(&out)
    out.append("\r\n")
    if status.hasContent, !answersHead { out.append(body) }
  }

  /// Writes the head of a response whose body follows in pieces: as chunks (RFC 9112, section 7.1),
  /// or up to the end of the connection for a client that knows none.
  public func writeHead(
    _ contentType: StaticString, isChunked: Bool, to out: inout ByteWriter,
    fields: (inout ByteWriter) -> Void = { _ in }
  ) {
    writeStart(to: &out)
    out.field("Content-Type", contentType)
    if isChunked { out.field("Transfer-Encoding", "chunked") }
    fields(&out)
    out.append("\r\n")
  }

  /// Writes one chunk; an empty one ends the body.
  public static func writeChunk(_ bytes: RawSpan, to out: inout ByteWriter) {
    let digits: StaticString = "0123456789abcdef"
    var shift = 28
    while shift > 0, bytes.byteCount >> shift == 0 { shift -= 4 }
    while shift >= 0 {
      out.append(digits.bytes[bytes.byteCount >> shift & 0xF])
      shift -= 4
    }
    out.append("\r\n")
    out.append(bytes)
    out.append("\r\n")
  }

  /// Writes an error with the JSON body of PROTOCOL.md, section 2.
  ///
  /// - Parameters:
  ///   - message: what to do about it, a literal without quotation marks, backslashes and control
  ///     characters.
  ///   - code: the status's own when it is nil.
  public func writeError(
    _ message: StaticString, code: StaticString? = nil, to out: inout ByteWriter,
    fields: (inout ByteWriter) -> Void = { _ in }
  ) {
    let code = code ?? status.code
    let parts: InlineArray<5, StaticString> = [
      #"{"error":""#, code, #"","message":""#, message, #""}"#,
    ]
    var size = 0
    for index in parts.indices { size += parts[index].bytes.byteCount }
    writeStart(to: &out)
    out.field("Content-Type", "application/json")
    out.field("Content-Length", size)
    fields(&out)
    out.append("\r\n")
    guard !answersHead else { return }
    for index in parts.indices { out.append(parts[index]) }
  }

  /// Writes the end of the opening handshake (RFC 6455, section 4.2.2).
  ///
  /// - Parameters:
  ///   - accept: the value of Sec-WebSocket-Accept.
  ///   - fields: writes the subprotocol and the extensions, if any.
  public static func writeSwitchingProtocols(
    accept: RawSpan, to out: inout ByteWriter, fields: (inout ByteWriter) -> Void = { _ in }
  ) {
    out.append("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
    out.field("Sec-WebSocket-Accept", accept)
    fields(&out)
    out.append("\r\n")
  }

  /// `HTTP/1.1 100 Continue`, for a client that waits for it.
  public static func writeContinue(to out: inout ByteWriter) {
    out.append("HTTP/1.1 100 Continue\r\n\r\n")
  }

  /// The status line, and the fields that do not depend on the body.
  private func writeStart(to out: inout ByteWriter) {
    out.append("HTTP/1.1 ")
    out.append(decimal: UInt64(status.rawValue), width: 3)
    out.append(" ")
    out.append(status.reason)
    out.append("\r\n")
    if let date {
      out.append("Date: ")
      out.append(httpDate: date)
      out.append("\r\n")
    }
    writeConnection(to: &out)
    if status == .unauthorized { out.field("WWW-Authenticate", "Bearer") }
    if status == .methodNotAllowed || !allow.isEmpty {
      out.append("Allow: ")
      out.append(allow)
      out.append("\r\n")
    }
    if let retryAfter { out.field("Retry-After", retryAfter) }
    // What the gateway answers is true now, and often one user's alone.
    out.field("Cache-Control", "no-store")
  }

  private func writeConnection(to out: inout ByteWriter) {
    guard status == .upgradeRequired else {
      out.field("Connection", keepsConnection ? "keep-alive" : "close")
      return
    }
    // RFC 9110, section 15.5.22, and RFC 6455, section 4.4.
    out.field("Connection", keepsConnection ? "Upgrade" : "Upgrade, close")
    out.field("Upgrade", "websocket")
    out.field("Sec-WebSocket-Version", "13")
  }
}

extension Response {
  /// Writes the answer to a request that could not be read; its connection is closed.
  public static func writeError(_ error: RequestError, date: Int64? = nil, to out: inout ByteWriter)
  {
    Response(closing: error.status, date: date).writeError(error.message, to: &out)
  }
}
