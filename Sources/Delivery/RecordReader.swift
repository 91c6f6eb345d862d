public import Memory

/// Reads the body of a record as it was put together; a part that is not there is nil.
public struct RecordReader: ~Escapable {
  private let bytes: RawSpan
  private var offset = 0

  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan) { self.bytes = bytes }

  /// A word, its low byte first.
  @_lifetime(self: copy self)
  public mutating func word<Word: FixedWidthInteger>(_: Word.Type) -> Word? {
    let size = MemoryLayout<Word>.size
    guard size <= bytes.byteCount - offset else { return nil }
    var word: Word = 0
    for place in 0..<size {
      word |= Word(truncatingIfNeeded: bytes[offset + place]) << Word(8 * place)
    }
    offset += size
    return word
  }

  /// A byte of length and the text.
  @_lifetime(self: copy self)
  public mutating func shortText() -> ShortText? {
    guard let size = word(UInt8.self), Int(size) <= bytes.byteCount - offset else { return nil }
    guard let text = ShortText(bytes.extracting(offset..<(offset + Int(size)))) else { return nil }
    offset += Int(size)
    return text
  }

  /// All that was not read.
  public var rest: RawSpan {
    @_lifetime(copy self) get { bytes.extracting(offset..<bytes.byteCount) }
  }
}
