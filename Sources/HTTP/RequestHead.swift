import Memory

/// The head of one request, as ranges of the bytes it was parsed from: it holds no bytes itself.
public struct RequestHead: Sendable {
  /// How long the body is (RFC 9112, section 6.3).
  public enum Body: Equatable, Sendable {
    case none
    /// Bytes, at least 1; not held against any limit yet.
    case length(Int)
    case chunked
  }

  /// RFC 9112, section 3.2.
  public enum TargetForm: Sendable {
    case origin
    case absolute
    /// Host and port for CONNECT, whose method is `.other`.
    case authority
    /// The server as a whole, only with OPTIONS.
    case asterisk
  }

  public internal(set) var method = Method.other
  public internal(set) var targetForm = TargetForm.origin
  /// 0 or 1: a higher one means 1 (RFC 9110, section 2.5).
  public internal(set) var minorVersion: UInt8 = 1
  /// Whether another request may follow (RFC 9112, section 9.3).
  public internal(set) var keepsConnection = true
  /// `Connection: upgrade` and `Upgrade: websocket`, in HTTP/1.1 (RFC 6455, section 4.2.1).
  public internal(set) var asksForWebSocket = false
  /// Whether the client waits for 100 before it sends the body (RFC 9110, section 10.1.1).
  public internal(set) var expectsContinue = false
  public internal(set) var body = Body.none

  /// From its first slash to the query, escapes and all; empty means `/` when the form is absolute.
  public internal(set) var path = ByteRange(0..<0)
  /// Without the question mark; nil when there is none.
  public internal(set) var query: ByteRange?
  /// Host and port, from the target when its form is absolute (RFC 9112, section 3.2.2); nil only
  /// in HTTP/1.0.
  public internal(set) var host: ByteRange?
  public internal(set) var origin: ByteRange?
  public internal(set) var authorization: ByteRange?
  public internal(set) var cookie: ByteRange?
  public internal(set) var webSocketKey: ByteRange?
  public internal(set) var webSocketVersion: ByteRange?
  /// All field lines, the last one's CR LF included.
  public internal(set) var fields = ByteRange(0..<0)

  /// Parses the head that `bytes` begin with, from the first byte; a `RequestHeadParser` goes on
  /// where it stopped.
  public static func parse(
    _ bytes: RawSpan, within limits: RequestLimits
  ) throws(RequestError) -> Parsed<RequestHead> {
    var parser = RequestHeadParser()
    return try parser.parse(bytes, within: limits)
  }
}

extension RequestHead {
  /// Calls `receive` with the value of each line named `name`, in order, without white space
  /// around.
  ///
  /// - Parameters:
  ///   - name: at least four lower-case letters and hyphens.
  ///   - bytes: the ones that the head was parsed from.
  public func forEachValue<Failure: Error>(
    of name: StaticString, in bytes: RawSpan, _ receive: (RawSpan) throws(Failure) -> Void
  ) throws(Failure) {
    let wanted = name.bytes
    var start = fields.range.lowerBound
    while start < fields.range.upperBound {
      let end = bytes.firstControl(from: start, to: fields.range.upperBound)
      let colon = bytes.tokenEnd(from: start, to: end)
      if colon - start == wanted.byteCount, bytes.hasToken(wanted, at: start) {
        try receive(bytes[colon + 1..<end].trimmed)
      }
      start = end + 2
    }
  }
}

/// What a request's head may take up.
public struct RequestLimits: Sendable {
  /// Bytes of the whole head, its empty line included: 16 to 65,535.
  public let headSize: Int
  /// Bytes of the request line without its CR LF, no more than `headSize`.
  public let requestLineSize: Int
  public let fieldCount: Int

  public init(headSize: Int, requestLineSize: Int, fieldCount: Int) {
    precondition(headSize >= 16 && headSize <= Int(UInt16.max))
    precondition(requestLineSize > 0 && requestLineSize <= headSize && fieldCount > 0)
    self.headSize = headSize
    self.requestLineSize = requestLineSize
    self.fieldCount = fieldCount
  }
}
