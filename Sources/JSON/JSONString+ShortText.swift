public import Memory

extension JSONString {
  /// The decoded text, nil when it is longer than a short text can be.
  public var shortText: ShortText? {
    guard hasEscapes else { return ShortText(raw) }
    var bytes = InlineArray<64, UInt8>(repeating: 0)
    var (position, count) = (0, 0)
    while position < raw.byteCount {
      let piece = piece(at: &position)
      guard piece.count <= ShortText.maximumSize - count else { return nil }
      for index in 0..<piece.count { bytes[count + index] = piece.bytes[index] }
      count += piece.count
    }
    return ShortText(bytes.span.raw.extracting(0..<count))
  }
}
