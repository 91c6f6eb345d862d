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

  public mutating func field(_ name: StaticString, _ value: MethodSet) {
    append(name)
    append(": ")
    append(value)
    append("\r\n")
  }

  /// - Parameter value: at least 0.
  public mutating func field(_ name: StaticString, _ value: Int) {
    append(name)
    append(": ")
    append(decimal: UInt64(value))
    append("\r\n")
  }
}
