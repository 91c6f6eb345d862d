/// The grammar of numbers.
extension JSONReader {
  /// RFC 8259 section 6: `[minus] int [frac] [exp]`.
  func scanNumber(at start: Int) throws(JSONError) -> DecimalNumber {
    var number = DecimalNumber()
    var offset = start
    if byte(at: offset) == UInt8(ascii: "-") {
      number.isNegative = true
      offset += 1
    }
    number.digits = offset
    if byte(at: offset) == UInt8(ascii: "0") {
      offset += 1
    } else {
      offset = try scanDigits(at: offset, into: &number.significand)
    }
    number.digitCount = offset - number.digits
    if byte(at: offset) == UInt8(ascii: ".") {
      let point = offset
      offset = try scanDigits(at: point + 1, into: &number.significand)
      number.exponent = point + 1 - offset
      number.digitCount -= number.exponent
      number.isInteger = false
    }
    if byte(at: offset) | 0x20 == UInt8(ascii: "e") {
      offset = try scanExponent(at: offset + 1, into: &number.exponent)
      number.isInteger = false
    }
    number.end = offset
    return number
  }

  /// At least one digit; `value` keeps its low 64 bits.
  private func scanDigits(at start: Int, into value: inout UInt64) throws(JSONError) -> Int {
    var offset = start
    while byte(at: offset).isDigit {
      value = value &* 10 &+ UInt64(byte(at: offset) &- UInt8(ascii: "0"))
      offset += 1
    }
    guard offset > start else { throw .malformed(at: offset) }
    return offset
  }

  private func scanExponent(at start: Int, into exponent: inout Int) throws(JSONError) -> Int {
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
