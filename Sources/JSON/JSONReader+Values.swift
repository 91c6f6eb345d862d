import Memory

/// The values that hold no others.
extension JSONReader {
  /// What the value that is due is; nothing is read.
  public func peekKind() throws(JSONError) -> JSONKind {
    precondition(expectation == .value, "no value is due")
    return try bytes.kind(at: bytes.skippingSpace(from: offset))
  }

  @_lifetime(copy self)
  public mutating func readString() throws(JSONError) -> JSONString {
    let string = try bytes.scanString(at: startOfValue(.string, UInt8(ascii: "\"")))
    finish(at: string.range.upperBound + 1)
    return string
  }

  /// The double nearest to the number, ties to even; 0 when the number is too close to it.
  ///
  /// Throws `numberOutOfRange` where the nearest would be infinite (RFC 8259 section 6).
  public mutating func readNumber() throws(JSONError) -> Double {
    let start = try startOfNumber()
    let number = try bytes.scanNumber(at: start)
    guard let value = number.double(in: bytes) else { throw .numberOutOfRange(at: start) }
    finish(at: number.end)
    return value
  }

  /// A number, or nil, read over, when the value is another thing or beyond all numbers.
  public mutating func readNumberOrSkip() throws(JSONError) -> Double? {
    if expectation == .value, let (value, end) = bytes.plainNumber(at: offset) {
      finish(at: end)
      return value
    }
    return try readOddNumberOrSkip()
  }

  @inline(never) private mutating func readOddNumberOrSkip() throws(JSONError) -> Double? {
    let start = bytes.skippingSpace(from: offset)
    // No other value begins like this, and what is no value is refused either way.
    let first = bytes.byte(at: start)
    if expectation == .value, first >= UInt8(ascii: "-"), first <= UInt8(ascii: "9") {
      let number = try bytes.scanNumber(at: start)
      finish(at: number.end)
      return number.double(in: bytes)
    }
    try skipValue()
    return nil
  }

  /// A number written without fraction and exponent; one written with either is a `mismatch`.
  public mutating func readInteger() throws(JSONError) -> Int64 {
    let start = try startOfNumber()
    let number = try bytes.scanNumber(at: start)
    guard number.isInteger else { throw .mismatch(found: .number, at: start) }
    guard let value = number.integer else { throw .numberOutOfRange(at: start) }
    finish(at: number.end)
    return value
  }

  public mutating func readBool() throws(JSONError) -> Bool {
    precondition(expectation == .value, "no value is due")
    let start = bytes.skippingSpace(from: offset)
    let kind = try bytes.kind(at: start)
    guard kind == .bool else { throw .mismatch(found: kind, at: start) }
    let isTrue = bytes.byte(at: start) == UInt8(ascii: "t")
    try finish(behind: isTrue ? "true" : "false", at: start)
    return isTrue
  }

  public mutating func readNull() throws(JSONError) {
    try finish(behind: "null", at: startOfValue(.null, UInt8(ascii: "n")))
  }

  /// The place of the value that is due, which must be of `kind` and so start with `first`.
  func startOfValue(_ kind: JSONKind, _ first: UInt8) throws(JSONError) -> Int {
    precondition(expectation == .value, "no value is due")
    let start = bytes.skippingSpace(from: offset)
    guard bytes.byte(at: start) == first else {
      throw .mismatch(found: try bytes.kind(at: start), at: start)
    }
    return start
  }

  @inline(__always) private func startOfNumber() throws(JSONError) -> Int {
    precondition(expectation == .value, "no value is due")
    let start = bytes.skippingSpace(from: offset)
    guard bytes.byte(at: start).isDigit || bytes.byte(at: start) == UInt8(ascii: "-") else {
      throw .mismatch(found: try bytes.kind(at: start), at: start)
    }
    return start
  }

  private mutating func finish(behind word: StaticString, at start: Int) throws(JSONError) {
    let length = word.utf8CodeUnitCount
    guard length <= bytes.byteCount - start,
      bytes.extracting(start..<start + length).hasSameBytes(as: word.bytes)
    else { throw .malformed(at: start) }
    finish(at: start + length)
  }

  /// A value ended before `end`.
  mutating func finish(at end: Int) {
    offset = end
    expectation = .separator
  }
}

extension RawSpan {
  fileprivate func kind(at start: Int) throws(JSONError) -> JSONKind {
    switch byte(at: start) {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    default: throw .malformed(at: start)
    }
  }
}
