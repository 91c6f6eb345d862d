import Memory

/// What `write` leaves in a writer.
func written(_ capacity: Int = 1024, _ write: (inout ByteWriter) -> Void) -> String {
  var writer = ByteWriter(capacity: capacity)
  write(&writer)
  return text(writer.bytes)
}

func text(_ bytes: RawSpan) -> String {
  var copy: [UInt8] = []
  for offset in 0..<bytes.byteCount { copy.append(bytes[offset]) }
  return String(decoding: copy, as: UTF8.self)
}
