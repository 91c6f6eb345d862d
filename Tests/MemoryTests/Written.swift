import Memory

/// What a writer holds, as text.
func text(_ writer: borrowing ByteWriter) -> String {
  let bytes = writer.bytes
  return String(decoding: (0..<bytes.byteCount).map { bytes[$0] }, as: UTF8.self)
}
