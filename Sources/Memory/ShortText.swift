/// Up to 64 bytes of text in a value of fixed size: an id or a name that is kept.
@frozen public struct ShortText: Equatable, Sendable, Zeroable {
  /// Bytes of the longest one.
  @inlinable public static var maximumSize: Int { 64 }

  @usableFromInline var storage: InlineArray<64, UInt8>
  @usableFromInline var size: UInt8

  public init() {
    storage = InlineArray(repeating: 0)
    size = 0
  }

  /// Nil when `bytes` are more than 64.
  public init?(_ bytes: RawSpan) {
    guard bytes.byteCount <= ShortText.maximumSize else { return nil }
    self.init()
    for offset in 0..<bytes.byteCount { storage[offset] = bytes[offset] }
    size = UInt8(bytes.byteCount)
  }

  /// As much of `text`, which is UTF-8, as fits into `limit` bytes without cutting a character.
  ///
  /// - Parameter limit: 1 to 64.
  public init(prefixOf text: RawSpan, limit: Int = ShortText.maximumSize) {
    precondition(limit > 0 && limit <= ShortText.maximumSize)
    var end = min(text.byteCount, limit)
    if end < text.byteCount {
      while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    }
    self.init()
    for offset in 0..<end { storage[offset] = text[offset] }
    size = UInt8(end)
  }

  public var isEmpty: Bool { size == 0 }

  @inlinable public var bytes: RawSpan {
    @_lifetime(borrow self) get { storage.span.raw.extracting(0..<Int(size)) }
  }

  public static func == (one: ShortText, other: ShortText) -> Bool {
    one.bytes.equals(other.bytes)
  }
}
