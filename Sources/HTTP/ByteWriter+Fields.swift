import Memory

/// Lines of a response's head.
extension ByteWriter {
  /// - Parameters:
  ///   - name: a token.
  ///   - value: without CR and LF, which a literal of ours does not hold.
  public mutating func field(_ name: StaticString, _ value: StaticString) {
    field(name, value.bytes)
  }

  /// - Parameter value: without control characters, which could begin another line: a head's values
  ///   hold none, decoded text of a request may and is not to be given here.
  public mutating func field(_ name: StaticString, _ value: RawSpan) {
    precondition(value.firstControl(from: 0, to: value.byteCount) == value.byteCount)
    append(name)
    append(": ")
    append(value)
    append("\r\n")
  }

  /// - Parameter value: at least 0.
  public mutating func field(_ name: StaticString, _ value: Int) {
    append(name)
    append(": ")
    append(digits: value, width: 1)
    append("\r\n")
  }

  /// The decimal digits of `value`, with zeros in front up to `width`.
  ///
  /// - Parameter value: at least 0.
  mutating func append(digits value: Int, width: Int) {
    precondition(value >= 0)
    var divisor = 1
    for _ in 1..<max(1, width) { divisor *= 10 }
    while value / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }
}
