import Memory

extension RequestHeadParser {
  /// `method SP request-target SP HTTP-version`, with one space each (RFC 9112, section 3).
  mutating func takeRequestLine(_ bytes: RawSpan, _ line: Range<Int>) throws(RequestError) {
    let methodEnd = bytes.tokenEnd(from: line.lowerBound, to: line.upperBound)
    guard methodEnd > line.lowerBound else { throw .method }
    guard methodEnd < line.upperBound else { throw .requestLine }
    guard bytes[methodEnd] == space else { throw .method }
    // The version has eight bytes; a space before it is none that a target may hold.
    let targetEnd = line.upperBound - 9
    guard targetEnd > methodEnd + 1, bytes[targetEnd] == space else { throw .requestLine }

    head.minorVersion = try minorVersion(bytes[targetEnd + 1..<line.upperBound])
    let method = bytes[line.lowerBound..<methodEnd]
    head.method = Method(token: method)
    try takeTarget(bytes, methodEnd + 1..<targetEnd, isConnect: method.equals("CONNECT"))
  }

  private var space: UInt8 { UInt8(ascii: " ") }

  /// RFC 9112, section 2.3: `HTTP/` DIGIT `.` DIGIT.
  private func minorVersion(_ version: RawSpan) throws(RequestError) -> UInt8 {
    guard version.byteCount == 8, version[0..<5].equals("HTTP/"), version[5].isDigit,
      version[6] == UInt8(ascii: "."), version[7].isDigit
    else { throw .requestLine }
    guard version[5] == UInt8(ascii: "1") else { throw .version }
    return version[7] == UInt8(ascii: "0") ? 0 : 1
  }

  private mutating func takeTarget(
    _ bytes: RawSpan, _ target: Range<Int>, isConnect: Bool
  ) throws(RequestError) {
    if isConnect {
      guard Authority(bytes[target])?.port != nil else { throw .target }
      head.targetForm = .authority
    } else if bytes[target.lowerBound] == UInt8(ascii: "/") {
      try takePathAndQuery(bytes, target)
    } else if bytes[target].equals("*") {
      guard head.method == .options else { throw .target }
      head.targetForm = .asterisk
    } else {
      try takeAbsoluteForm(bytes, target)
    }
  }

  /// RFC 9112, section 3.2.2: its authority counts, whatever Host says.
  private mutating func takeAbsoluteForm(
    _ bytes: RawSpan, _ target: Range<Int>
  ) throws(RequestError) {
    guard let schemeSize = RequestHeadParser.schemeSize(bytes[target]) else { throw .target }
    let start = target.lowerBound + schemeSize
    var end = start
    while end < target.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != questionMark {
      end += 1
    }
    guard Authority(bytes[start..<end]) != nil else { throw .target }
    head.targetForm = .absolute
    head.host = ByteRange(start..<end)
    try takePathAndQuery(bytes, end..<target.upperBound)
  }

  /// The bytes of a scheme that leads here, `://` included; nil for any other.
  private static func schemeSize(_ target: RawSpan) -> Int? {
    let schemes: InlineArray<4, StaticString> = ["http://", "https://", "ws://", "wss://"]
    for place in schemes.indices {
      let scheme = schemes[place].bytes
      if target.byteCount > scheme.byteCount,
        target[0..<scheme.byteCount].equalsIgnoringCase(scheme)
      {
        return scheme.byteCount
      }
    }
    return nil
  }

  private var questionMark: UInt8 { UInt8(ascii: "?") }

  /// RFC 3986, sections 3.3 and 3.4; a fragment has no place here.
  private mutating func takePathAndQuery(
    _ bytes: RawSpan, _ range: Range<Int>
  ) throws(RequestError) {
    let target = bytes[0..<range.upperBound]
    var queryStart: Int?
    var offset = range.lowerBound
    while true {
      offset = target.plainEnd(from: offset, to: range.upperBound)
      guard offset < range.upperBound else { break }
      let byte = target[offset]
      if byte == UInt8(ascii: "%") {
        guard target.escape(at: offset) != nil else { throw .percentEscape }
        offset += 3
        continue
      }
      if byte == questionMark {
        if queryStart == nil { queryStart = offset + 1 }
      } else {
        guard byte.isPathCharacter else { throw .target }
      }
      offset += 1
    }
    head.path = ByteRange(range.lowerBound..<(queryStart.map { $0 - 1 } ?? range.upperBound))
    head.query = queryStart.map { ByteRange($0..<range.upperBound) }
  }
}
