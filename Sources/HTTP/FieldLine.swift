import Memory

/// What the field lines of a head said so far.
struct SeenFields: OptionSet, Sendable {
  let rawValue: UInt16

  static let host = SeenFields(rawValue: 1 << 0)
  static let contentLength = SeenFields(rawValue: 1 << 1)
  static let transferEncoding = SeenFields(rawValue: 1 << 2)
  static let chunked = SeenFields(rawValue: 1 << 3)
  /// A transfer coding before chunked.
  static let otherCoding = SeenFields(rawValue: 1 << 4)
  static let close = SeenFields(rawValue: 1 << 5)
  static let keepAlive = SeenFields(rawValue: 1 << 6)
  static let connectionUpgrade = SeenFields(rawValue: 1 << 7)
  static let upgradeWebSocket = SeenFields(rawValue: 1 << 8)
}

extension RequestHeadParser {
  /// `field-name ":" OWS field-value OWS` (RFC 9112, section 5); the line holds no control
  /// characters but tabs.
  mutating func takeField(_ bytes: RawSpan, _ line: Range<Int>) throws(RequestError) {
    let nameEnd = try fieldNameEnd(in: bytes, line)
    let value = bytes.trimming(nameEnd + 1..<line.upperBound)
    switch FieldName(in: bytes, at: line.lowerBound, count: nameEnd - line.lowerBound) {
    case .host: try takeHost(bytes, value)
    case .origin: try RequestHeadParser.setOnce(&head.origin, value)
    case .cookie: try RequestHeadParser.setOnce(&head.cookie, value)
    case .authorization: try RequestHeadParser.setOnce(&head.authorization, value)
    case .webSocketKey: try RequestHeadParser.setOnce(&head.webSocketKey, value)
    case .webSocketVersion: try RequestHeadParser.setOnce(&head.webSocketVersion, value)
    case .connection: takeConnection(bytes[value])
    case .upgrade: takeUpgrade(bytes[value])
    case .expect: try takeExpect(bytes[value])
    case .contentLength: try takeContentLength(bytes[value])
    case .transferEncoding: try takeTransferEncoding(bytes[value])
    case .other: break
    }
  }

  private static func setOnce(
    _ place: inout ByteRange?, _ value: Range<Int>
  ) throws(RequestError) {
    guard place == nil else { throw .repeatedField }
    place = ByteRange(value)
  }

  private mutating func takeHost(
    _ bytes: RawSpan, _ value: Range<Int>
  ) throws(RequestError) {
    guard !seen.contains(.host) else { throw .repeatedField }
    guard Authority(bytes[value]) != nil else { throw .host }
    seen.insert(.host)
    if head.targetForm != .absolute { head.host = ByteRange(value) }
  }

  /// RFC 9110, section 7.6.1.
  private mutating func takeConnection(_ value: RawSpan) {
    var options = ListElements(of: value)
    while let option = options.next() {
      if option.equalsIgnoringCase("upgrade") {
        seen.insert(.connectionUpgrade)
      } else if option.equalsIgnoringCase("close") {
        seen.insert(.close)
      } else if option.equalsIgnoringCase("keep-alive") {
        seen.insert(.keepAlive)
      }
    }
  }

  /// RFC 9110, section 7.8.
  private mutating func takeUpgrade(_ value: RawSpan) {
    var protocols = ListElements(of: value)
    while let name = protocols.next() {
      if name.equalsIgnoringCase("websocket") { seen.insert(.upgradeWebSocket) }
    }
  }

  private mutating func takeExpect(_ value: RawSpan) throws(RequestError) {
    guard value.equalsIgnoringCase("100-continue") else { throw .expectation }
    head.expectsContinue = true
  }

  /// RFC 9110, section 8.6 lets a server refuse a list of equal lengths.
  private mutating func takeContentLength(_ value: RawSpan) throws(RequestError) {
    guard !seen.contains(.contentLength), value.byteCount > 0 else { throw .contentLength }
    seen.insert(.contentLength)
    // As wide on every board: what a small one cannot address is a body too large, no bad request.
    var length: Int64 = 0
    for offset in 0..<value.byteCount {
      guard value[offset].isDigit else { throw .contentLength }
      let (tens, isLong) = length.multipliedReportingOverflow(by: 10)
      let (sum, isLarge) = tens.addingReportingOverflow(
        Int64(value[offset] - UInt8(ascii: "0")))
      guard !isLong, !isLarge else { throw .contentLength }
      length = sum
    }
    head.body = length == 0 ? .none : .length(Int(clamping: length))
  }

  /// RFC 9112, section 6.1. Empty elements are refused: they have hidden codings from others.
  private mutating func takeTransferEncoding(_ value: RawSpan) throws(RequestError) {
    seen.insert(.transferEncoding)
    var codings = ListElements(of: value, keepingEmpty: true)
    while let coding = codings.next() {
      guard coding.byteCount > 0, !seen.contains(.chunked) else { throw .transferEncoding }
      seen.insert(coding.equalsIgnoringCase("chunked") ? .chunked : .otherCoding)
    }
  }
}

/// Where the name of the field line `line` ends and its colon stands.
func fieldNameEnd(in bytes: RawSpan, _ line: Range<Int>) throws(RequestError) -> Int {
  let end = bytes.tokenEnd(from: line.lowerBound, to: line.upperBound)
  guard end > line.lowerBound else {
    throw bytes[line.lowerBound].isBlank ? .lineFolding : .fieldName
  }
  guard end < line.upperBound else { throw .fieldName }
  guard bytes[end] == UInt8(ascii: ":") else {
    throw bytes[end].isBlank ? .spaceBeforeColon : .fieldName
  }
  return end
}
