import Memory

/// The grammar of numbers.
extension RawSpan {
  /// What nearly every number is: 15 characters at most behind its sign, and no exponent. Nil may
  /// mean anything else: `scanNumber` says what.
  @inline(__always) func plainNumber(at start: Int) -> (value: Double, end: Int)? {
    let isNegative = byte(at: start) == UInt8(ascii: "-")
    let first = isNegative ? start &+ 1 : start
    var significand = UInt64(byte(at: first) &- UInt8(ascii: "0"))
    guard significand < 10 else { return nil }
    var end = first &+ 1
    while byte(at: end).isDigit {
      // A zero in front of another digit is none of JSON's numbers.
      guard significand > 0 else { return nil }
      significand = significand &* 10 &+ UInt64(byte(at: end) &- UInt8(ascii: "0"))
      end &+= 1
    }
    var decimals = 0
    if byte(at: end) == UInt8(ascii: ".") {
      end &+= 1
      let fraction = end
      while byte(at: end).isDigit {
        significand = significand &* 10 &+ UInt64(byte(at: end) &- UInt8(ascii: "0"))
        end &+= 1
      }
      decimals = end &- fraction
      guard decimals > 0 else { return nil }
    }
    guard end &- first <= 15, byte(at: end) | 0x20 != UInt8(ascii: "e") else { return nil }
    let value = DecimalNumber.quotient(Int64(truncatingIfNeeded: significand), decimals)
    return (isNegative ? -value : value, end)
  }

  /// RFC 8259 section 6: `[minus] int [frac] [exp]`.
  @inline(never) func scanNumber(at start: Int) throws(JSONError) -> DecimalNumber {
    let isNegative = byte(at: start) == UInt8(ascii: "-")
    let digits = isNegative ? start &+ 1 : start
    var significand: UInt64 = 0
    var offset = digits
    if byte(at: offset) == UInt8(ascii: "0") {
      offset &+= 1
    } else {
      offset = try scanDigits(at: offset, into: &significand)
    }
    var digitCount = offset &- digits
    var exponent = 0
    if byte(at: offset) == UInt8(ascii: ".") {
      let fraction = offset &+ 1
      offset = try scanDigits(at: fraction, into: &significand)
      exponent = fraction &- offset
      digitCount &-= exponent
    }
    if byte(at: offset) | 0x20 == UInt8(ascii: "e") {
      offset = try scanExponent(at: offset + 1, into: &exponent)
    }
    return DecimalNumber(
      isNegative: isNegative, isInteger: digits &+ digitCount == offset, significand: significand,
      exponent: exponent, digits: digits, digitCount: digitCount, end: offset)
  }

  /// At least one digit; `value` keeps its low 64 bits.
  @inline(__always)
  private func scanDigits(at start: Int, into value: inout UInt64) throws(JSONError) -> Int {
    var offset = start
    while true {
      let digit = byte(at: offset) &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      value = value &* 10 &+ UInt64(digit)
      offset &+= 1
    }
    guard offset > start else { throw .malformed(at: offset) }
    return offset
  }

  @inline(never) private func scanExponent(
    at start: Int, into exponent: inout Int
  ) throws(JSONError) -> Int {
    var offset = start
    let sign = byte(at: offset)
    if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { offset += 1 }
    guard byte(at: offset).isDigit else { throw .malformed(at: offset) }
    var written = 0
    while byte(at: offset).isDigit {
      // So large that no number of digits in front of it brings it back into range.
      written = min(written * 10 + Int(byte(at: offset) - UInt8(ascii: "0")), 1 << 27)
      offset += 1
    }
    exponent += sign == UInt8(ascii: "-") ? -written : written
    return offset
  }
}
