import Memory

/// A name and its value in one call; what the value becomes, the functions for values say.
extension ByteWriter {
  public mutating func member(_ name: StaticString, _ literal: StaticString) {
    self.name(name)
    string(literal)
  }

  public mutating func member(_ name: StaticString, _ text: RawSpan) {
    self.name(name)
    string(text)
  }

  public mutating func member(_ name: StaticString, _ text: borrowing JSONString) {
    self.name(name)
    string(text)
  }

  /// - Parameter text: characters that need no escape.
  public mutating func member(_ name: StaticString, plain text: RawSpan) {
    self.name(name)
    string(plain: text)
  }

  public mutating func member(_ name: StaticString, raw json: RawSpan) {
    self.name(name)
    raw(json)
  }

  public mutating func member(_ name: StaticString, _ value: Bool) {
    self.name(name)
    bool(value)
  }

  public mutating func member(_ name: StaticString, _ value: Int) {
    self.name(name)
    integer(value)
  }

  @_disfavoredOverload
  public mutating func member(_ name: StaticString, _ value: Int64) {
    self.name(name)
    integer(value)
  }

  public mutating func member(_ name: StaticString, _ value: UInt64) {
    self.name(name)
    integer(value)
  }

  public mutating func member(_ name: StaticString, fixed value: Double, decimals: Int) {
    self.name(name)
    fixed(value, decimals: decimals)
  }

  /// As `secondsString`.
  public mutating func member(_ name: StaticString, secondsOf milliseconds: Int64) {
    self.name(name)
    secondsString(milliseconds: milliseconds)
  }

  /// As `timestamp`.
  public mutating func member(
    _ name: StaticString, timestamp milliseconds: Int64, _ precision: TimestampPrecision
  ) {
    self.name(name)
    timestamp(milliseconds: milliseconds, precision)
  }
}
