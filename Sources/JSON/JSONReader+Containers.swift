import Memory

/// Objects and arrays, walked one item at a time.
extension JSONReader {
  /// Steps into an object; `nextMember` then gives its members.
  public mutating func beginObject() throws(JSONError) { try open(.object, UInt8(ascii: "{")) }

  /// Steps into an array; `nextElement` then says whether another element is there.
  public mutating func beginArray() throws(JSONError) { try open(.array, UInt8(ascii: "[")) }

  /// The name of the next member, whose value is to be read next, or nil behind the last one; the
  /// reader has then left the object.
  @_lifetime(copy self)
  public mutating func nextMember() throws(JSONError) -> JSONString? {
    precondition(isInObject, "not in an object")
    if expectation == .value { try skipValue() }
    return try memberOrEnd()
  }

  /// Whether there is another element, which is to be read next; if not, the reader has left the
  /// array.
  public mutating func nextElement() throws(JSONError) -> Bool {
    precondition(depth > 0 && !isInObject, "not in an array")
    if expectation == .value { try skipValue() }
    return try elementOrEnd()
  }

  /// Skips the value that is due, or the rest of what is open, and checks all of it.
  ///
  /// - Returns: where the value stands, without the white space around it, so that it can be passed
  ///   on as it is.
  @discardableResult
  public mutating func skipValue() throws(JSONError) -> Range<Int> {
    precondition(expectation == .value, "no value is due")
    let start = bytes.skippingSpace(from: offset)
    try advance(toDepth: depth)
    return start..<offset
  }

  /// Reads on until no value is due and no more than `floor` containers are open.
  mutating func advance(toDepth floor: Int) throws(JSONError) {
    var ahead = self
    while true {
      if ahead.expectation == .value {
        try ahead.stepOverOrInto()
      } else if ahead.depth == floor {
        break
      } else if ahead.isInObject {
        _ = try ahead.memberOrEnd()
      } else {
        _ = try ahead.elementOrEnd()
      }
    }
    self = ahead
  }

  private mutating func stepOverOrInto() throws(JSONError) {
    switch try peekKind() {
    case .object: try beginObject()
    case .array: try beginArray()
    case .string: _ = try readString()
    case .number: finish(at: try bytes.scanNumber(at: bytes.skippingSpace(from: offset)).end)
    case .bool: _ = try readBool()
    case .null: try readNull()
    }
  }

  /// False where nothing is open: then it is the highest bit that is asked.
  @inline(__always) private var isInObject: Bool {
    objects &>> UInt64(truncatingIfNeeded: depth &- 1) & 1 == 1
  }

  private mutating func open(_ kind: JSONKind, _ bracket: UInt8) throws(JSONError) {
    let start = try startOfValue(kind, bracket)
    guard depth < depthMax else { throw .tooDeep(at: start) }
    let bit = (1 as UInt64) << UInt64(depth)
    objects = kind == .object ? objects | bit : objects & ~bit
    depth += 1
    offset = start + 1
    expectation = .firstItem
  }

  @inline(__always) private mutating func close(at bracket: Int) {
    depth -= 1
    finish(at: bracket &+ 1)
  }

  @_lifetime(copy self)
  private mutating func memberOrEnd() throws(JSONError) -> JSONString? {
    // Most members stand right behind the one before.
    var start = offset &+ 1
    if expectation != .separator || bytes.pair(at: offset) != RawSpan.commaAndQuote {
      start = bytes.skippingSpace(from: offset)
      if bytes.byte(at: start) == UInt8(ascii: "}") {
        close(at: start)
        return nil
      }
      if expectation == .separator { start = try bytes.behind(UInt8(ascii: ","), at: start) }
      guard bytes.byte(at: start) == UInt8(ascii: "\"") else { throw .malformed(at: start) }
    }
    let end = bytes.skippingPlainText(from: start &+ 1)
    let name: JSONString
    if bytes.pair(at: end) == RawSpan.quoteAndColon {
      name = JSONString(bytes, start &+ 1..<end, hasEscapes: false)
      offset = bytes.skippingSpace(from: end &+ 2)
    } else {
      name = try bytes.scanString(at: start, plainTo: end)
      offset = try bytes.behind(
        UInt8(ascii: ":"), at: bytes.skippingSpace(from: name.range.upperBound + 1))
    }
    expectation = .value
    return name
  }

  private mutating func elementOrEnd() throws(JSONError) -> Bool {
    var start = bytes.skippingSpace(from: offset)
    if bytes.byte(at: start) == UInt8(ascii: "]") {
      close(at: start)
      return false
    }
    if expectation == .separator { start = try bytes.behind(UInt8(ascii: ","), at: start) }
    offset = start
    expectation = .value
    return true
  }
}

extension RawSpan {
  fileprivate static var commaAndQuote: UInt16 { 0x222C }
  fileprivate static var quoteAndColon: UInt16 { 0x3A22 }

  /// Two characters, the first one in the low bits; 0 where they are not there.
  @inline(__always) fileprivate func pair(at offset: Int) -> UInt16 {
    guard byteCount &- offset >= 2 else { return 0 }
    return load(at: offset, as: UInt16.self).littleEndian
  }

  /// The next token's place behind the separator that must be at `offset`.
  @inline(__always) fileprivate func behind(
    _ separator: UInt8, at offset: Int
  ) throws(JSONError) -> Int {
    guard byte(at: offset) == separator else { throw .malformed(at: offset) }
    return skippingSpace(from: offset &+ 1)
  }
}
