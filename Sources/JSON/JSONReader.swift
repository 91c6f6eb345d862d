import Memory

/// Reads one JSON text (RFC 8259) value by value, and takes nothing that the grammar refuses.
///
/// It allocates nothing and never calls itself. A read that throws leaves the reader where it was:
/// after a `mismatch` the caller may read the value as another kind, or go on. A value that was not
/// read when the next member or element is asked for is skipped, and checked like any other.
/// The document is known to be well formed only when `end` has returned, so a caller collects
/// values and acts on them after that. When a name occurs twice, both are handed out in order:
/// a caller that assigns as it reads takes the last (RFC 8259 section 4 leaves it open).
public struct JSONReader: ~Escapable {
  /// What the grammar wants at `offset`, white space aside.
  enum Expectation { case value, firstItem, separator }

  /// The whole document.
  public let bytes: RawSpan
  let depthMax: Int
  var offset = 0
  var expectation = Expectation.value
  /// How many arrays and objects are open.
  public internal(set) var depth = 0
  /// Bit n is set when the container at depth n + 1 is an object; the highest bit never is.
  var objects: UInt64 = 0

  /// - Parameter depthMax: arrays and objects inside each other, 0 to 63.
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan, depthMax: Int = 32) {
    precondition(depthMax >= 0 && depthMax < UInt64.bitWidth)
    self.bytes = bytes
    self.depthMax = depthMax
  }

  /// Throws unless `bytes` is one well-formed JSON text.
  public static func validate(_ bytes: RawSpan, depthMax: Int = 32) throws(JSONError) {
    var reader = JSONReader(bytes, depthMax: depthMax)
    try reader.end()
  }

  /// Skips what was not read, and refuses anything but white space behind the document's value.
  public mutating func end() throws(JSONError) {
    if depth > 0 || expectation == .value { try advance(toDepth: 0) }
    offset = bytes.skippingSpace(from: offset)
    guard offset == bytes.byteCount else { throw .malformed(at: offset) }
  }
}
