/// What is wrong with a request: the client's fault, which ends its connection and no other.
///
/// No case carries bytes of the request: they may hold a token.
public enum RequestError: Error, Equatable, CaseIterable, Sendable {
  /// A line that ends with LF alone (RFC 9112, section 2.2: may be taken, and is not here).
  case bareLineFeed
  /// CR without LF (RFC 9112, section 2.2).
  case bareCarriageReturn
  /// Another control character (RFC 9110, section 5.5).
  case controlCharacter
  /// Not `method SP request-target SP HTTP-version` (RFC 9112, section 3), or too many empty
  /// lines before it (section 2.2).
  case requestLine
  /// Not a token (RFC 9110, section 9.1).
  case method
  /// No form of request-target, or one that its method does not take (RFC 9112, section 3.2).
  case target
  /// A percent sign without two hexadecimal digits (RFC 3986, section 2.1).
  case percentEscape
  /// `.` or `..` as a segment: a client removes them before it sends (RFC 3986, section 5.2.4).
  case dotSegment
  /// An escaped slash or control character in the path.
  case escapedDelimiter
  case requestLineTooLong
  /// Not HTTP's major version 1 (RFC 9110, section 15.6.6).
  case version
  /// No token before the colon, or no colon (RFC 9112, section 5).
  case fieldName
  /// White space between name and colon (RFC 9112, section 5.1).
  case spaceBeforeColon
  /// A line that begins with white space (RFC 9112, sections 2.2 and 5.2).
  case lineFolding
  case tooManyFields
  case headTooLarge
  /// HTTP/1.1 asks for one (RFC 9112, section 3.2).
  case missingHost
  /// Not `uri-host [":" port]` (RFC 9110, section 7.2), or an empty host (section 4.2.1).
  case host
  /// A field that may stand once stands twice.
  case repeatedField
  /// Not one decimal number that fits 63 bits (RFC 9110, section 8.6).
  case contentLength
  /// Both ways to say how long the body is (RFC 9112, section 6.1).
  case twoBodyLengths
  /// The last coding is not chunked, chunked is there twice (RFC 9112, section 6.3), or the
  /// version is 1.0 (section 6.1).
  case transferEncoding
  /// A coding before chunked (RFC 9112, section 6.1).
  case transferCoding
  /// Another expectation than 100-continue (RFC 9110, section 10.1.1).
  case expectation
  /// Not a chunk of RFC 9112, section 7.1.
  case chunk
  /// A trailer field that belongs into the head (RFC 9110, section 6.5.1).
  case trailer
  case trailersTooLarge
  case bodyTooLarge
}

extension RequestError {
  public var status: Status {
    switch self {
    case .bareLineFeed, .bareCarriageReturn, .controlCharacter: .badRequest
    case .requestLine, .method, .target: .badRequest
    case .percentEscape, .dotSegment, .escapedDelimiter: .badRequest
    case .fieldName, .spaceBeforeColon, .lineFolding: .badRequest
    case .missingHost, .host, .repeatedField: .badRequest
    case .contentLength, .twoBodyLengths, .transferEncoding: .badRequest
    case .chunk, .trailer: .badRequest
    case .requestLineTooLong: .uriTooLong
    case .tooManyFields, .headTooLarge, .trailersTooLarge: .requestHeaderFieldsTooLarge
    case .bodyTooLarge: .contentTooLarge
    case .expectation: .expectationFailed
    case .transferCoding: .notImplemented
    case .version: .httpVersionNotSupported
    }
  }

  /// What to do about it, without quotation marks and backslashes, so that it is JSON as it is.
  public var message: StaticString {
    switch self {
    case .bareLineFeed: "End every line of the head with CR LF, not with LF alone."
    case .bareCarriageReturn: "Send CR only as a part of CR LF."
    case .controlCharacter: "Send no control characters in the head."
    case .requestLine: "Begin with a line of method, target and HTTP/1.1, one space between."
    case .method: "Send a method made of letters, such as GET."
    case .target: "Send a path that begins with a slash, and percent-encode what a URI cannot hold."
    case .percentEscape: "Write two hexadecimal digits behind every percent sign of the target."
    case .dotSegment: "Remove the segments . and .. from the path."
    case .escapedDelimiter: "Send no escaped slash and no control character in the path."
    case .requestLineTooLong: "Send a shorter target; a token fits better into Authorization."
    case .version: "Speak HTTP/1.1."
    case .fieldName: "Begin every header line with a name and a colon."
    case .spaceBeforeColon: "Send no white space between a header's name and its colon."
    case .lineFolding: "Send each header on one line, without white space in front."
    case .tooManyFields: "Send fewer header lines."
    case .headTooLarge: "Send shorter headers; cookies are often the longest."
    case .missingHost: "Send a Host header."
    case .host: "Send Host as a name or an address, with a port behind a colon if need be."
    case .repeatedField: "Send Host, Origin, Authorization, Cookie and the like once each."
    case .contentLength: "Send Content-Length once, as a decimal number."
    case .twoBodyLengths: "Send either Content-Length or Transfer-Encoding."
    case .transferEncoding: "Send Transfer-Encoding: chunked in HTTP/1.1, or Content-Length."
    case .transferCoding: "Send the body without another transfer coding than chunked."
    case .expectation: "Expect nothing but 100-continue."
    case .chunk: "Frame each chunk as a hexadecimal size, CR LF, the bytes, CR LF."
    case .trailer: "Send headers about the body's framing before the body."
    case .trailersTooLarge: "Send fewer trailers behind the body."
    case .bodyTooLarge: "Send a smaller body."
    }
  }
}
