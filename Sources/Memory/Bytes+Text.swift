/// Text that is put together at start, when allocation is still allowed: bytes, since `String`
/// would bring Unicode tables into an Embedded program.
///
/// What runs once is small rather than fast: nothing of it is inlined.
extension [UInt8] {
  @inline(never) public init(_ text: StaticString) { self.init(text.bytes) }

  @inline(never) public init(_ bytes: RawSpan) {
    self.init(capacity: bytes.byteCount) { output in
      for offset in 0..<bytes.byteCount { output.append(bytes[offset]) }
    }
  }

  @inline(never) public mutating func append(_ text: StaticString) { append(text.bytes) }

  @inline(never) public mutating func append(_ bytes: RawSpan) {
    for offset in 0..<bytes.byteCount { append(bytes[offset]) }
  }

  /// What stands between the separators: one part more than there are of them, empty ones included.
  public func parts(separatedBy separator: UInt8) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    for byte in self {
      if byte == separator { parts.append([]) } else { parts[parts.count - 1].append(byte) }
    }
    return parts
  }
}
