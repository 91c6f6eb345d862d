import Memory

/// The elements of a list in a field's value (RFC 9110, section 5.6.1), without white space around;
/// a separator inside a quoted string separates nothing.
public struct ListElements: ~Escapable {
  private let value: RawSpan
  private let separator: UInt8
  private let keepsEmpty: Bool
  private var offset = 0

  /// - Parameter separator: a comma, or the semicolon between parameters.
  @_lifetime(copy value)
  public init(of value: RawSpan, separatedBy separator: UInt8 = UInt8(ascii: ",")) {
    self.init(of: value, separatedBy: separator, keepingEmpty: false)
  }

  @_lifetime(copy value)
  init(
    of value: RawSpan, separatedBy separator: UInt8 = UInt8(ascii: ","), keepingEmpty: Bool
  ) {
    self.value = value
    self.separator = separator
    keepsEmpty = keepingEmpty
  }

  /// Nil behind the last one; empty elements are left out.
  @_lifetime(copy self)
  public mutating func next() -> RawSpan? {
    while offset <= value.byteCount {
      let start = offset
      let end = elementEnd()
      offset = end + 1
      let element = value[start..<end].trimmed
      if keepsEmpty || element.byteCount > 0 { return element }
    }
    return nil
  }

  private func elementEnd() -> Int {
    var end = offset
    var isQuoted = false
    while end < value.byteCount, isQuoted || value[end] != separator {
      if value[end] == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted, value[end] == UInt8(ascii: "\\") { end += 1 }
      end += 1
    }
    return min(end, value.byteCount)
  }
}
