import Memory

/// Parses a request's head line by line as it comes, and looks at no byte twice when it comes in
/// pieces. What is refused is refused as soon as its line is complete, a control character at once.
public struct RequestHeadParser: Sendable {
  var head = RequestHead()
  var seen = SeenFields()
  private var hasRequestLine = false
  private var hasEmptyLine = false
  private var fieldCount = 0
  private var lineStart = 0
  /// Bytes below hold no end of a line but those before `lineStart`.
  private var scanned = 0

  public init() {}

  /// - Parameter bytes: all that came so far, the ones from the last call at the same places.
  public mutating func parse(
    _ bytes: RawSpan, within limits: RequestLimits
  ) throws(RequestError) -> Parsed<RequestHead> {
    while true {
      let most = lineLimit(limits)
      guard let end = try lineEnd(in: bytes, to: min(bytes.byteCount, most)) else {
        guard bytes.byteCount < most else {
          throw hasRequestLine ? .headTooLarge : .requestLineTooLong
        }
        return .needMore
      }
      if end > lineStart {
        try takeLine(bytes, to: end, limits)
      } else if hasRequestLine {
        return .done(try finished(at: end), consumed: end + 2)
      } else {
        // RFC 9112, section 2.2 asks for at least one, for clients that end a body with CR LF.
        guard !hasEmptyLine else { throw .requestLine }
        hasEmptyLine = true
      }
      lineStart = end + 2
      scanned = lineStart
    }
  }

  /// The place behind the last byte that the line may have. It depends on no byte that is still to
  /// come, so that a head is judged alike in whatever pieces it comes.
  private func lineLimit(_ limits: RequestLimits) -> Int {
    hasRequestLine
      ? limits.headSize : min(limits.headSize, lineStart + limits.requestLineSize + 2)
  }

  /// The place of the CR LF that ends the line, nil when it is still to come.
  private mutating func lineEnd(in bytes: RawSpan, to end: Int) throws(RequestError) -> Int? {
    scanned = bytes.firstControl(from: scanned, to: end)
    guard scanned < end else { return nil }
    switch bytes[scanned] {
    case UInt8(ascii: "\r"):
      guard scanned + 1 < end else { return nil }
      guard bytes[scanned + 1] == UInt8(ascii: "\n") else { throw .bareCarriageReturn }
      return scanned
    case UInt8(ascii: "\n"): throw .bareLineFeed
    default: throw .controlCharacter
    }
  }

  private mutating func takeLine(
    _ bytes: RawSpan, to end: Int, _ limits: RequestLimits
  ) throws(RequestError) {
    guard hasRequestLine else {
      try takeRequestLine(bytes, lineStart..<end)
      head.fields = ByteRange(end + 2..<end + 2)
      hasRequestLine = true
      return
    }
    fieldCount += 1
    guard fieldCount <= limits.fieldCount else { throw .tooManyFields }
    try takeField(bytes, lineStart..<end)
    head.fields = ByteRange(Int(head.fields.start)..<end + 2)
  }

  /// What only the whole head tells.
  private mutating func finished(at end: Int) throws(RequestError) -> RequestHead {
    if head.minorVersion == 0 {
      // RFC 9112, section 6.1; RFC 9110, sections 7.8 and 10.1.1.
      guard !seen.contains(.transferEncoding) else { throw .transferEncoding }
      head.expectsContinue = false
      head.keepsConnection = seen.contains(.keepAlive) && !seen.contains(.close)
      return head
    }
    guard seen.contains(.host) else { throw .missingHost }
    if seen.contains(.transferEncoding) {
      guard !seen.contains(.contentLength) else { throw .twoBodyLengths }
      guard seen.contains(.chunked) else { throw .transferEncoding }
      guard !seen.contains(.otherCoding) else { throw .transferCoding }
      head.body = .chunked
    }
    head.keepsConnection = !seen.contains(.close)
    head.asksForWebSocket = seen.contains(.connectionUpgrade) && seen.contains(.upgradeWebSocket)
    return head
  }
}
