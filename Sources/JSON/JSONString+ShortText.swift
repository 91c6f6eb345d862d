public import Memory

extension JSONString {
  /// As much of the decoded text as a `ShortText` holds without cutting a character, and whether
  /// that is all of it.
  public func shortText() -> (text: ShortText, isWhole: Bool) {
    // One escape more than fits tells whether the character at the edge is whole.
    var bytes = InlineArray<68, UInt8>(repeating: 0)
    var count = 0
    var position = 0
    while position < raw.byteCount, count <= ShortText.maximumSize {
      let piece = piece(at: &position)
      for index in 0..<piece.count { bytes[count + index] = piece.bytes[index] }
      count += piece.count
    }
    let text = ShortText(prefixOf: bytes.span.raw.extracting(0..<count))
    return (text, count <= ShortText.maximumSize)
  }
}
