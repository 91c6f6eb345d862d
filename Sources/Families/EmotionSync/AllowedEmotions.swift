import JSON
import Memory

/// The names of EMOTION_ALLOWED; when there is none, any emotion is taken.
struct AllowedEmotions: ~Copyable {
  private var list: ByteWriter

  /// - Parameter list: names with commas between them; space around a name does not count.
  init(_ list: RawSpan) {
    self.list = ByteWriter(capacity: max(1, list.byteCount))
    self.list.append(list)
  }

  func allows(_ emotion: RawSpan) -> Bool {
    var offset = 0
    var isEmpty = true
    while let name = next(&offset) {
      isEmpty = false
      if list.bytes.extracting(name).equals(emotion) { return true }
    }
    return isEmpty
  }

  /// Writes the names, as an array.
  func write(to draft: inout ByteWriter) {
    draft.beginArray()
    var offset = 0
    while let name = next(&offset) { draft.string(list.bytes.extracting(name)) }
    draft.endArray()
  }

  /// Where the next name that is not empty stands, nil behind the last.
  private func next(_ offset: inout Int) -> Range<Int>? {
    while offset < list.count {
      var (start, end) = (offset, offset)
      while end < list.count, list.bytes[end] != UInt8(ascii: ",") { end += 1 }
      offset = end + 1
      while start < end, list.bytes[start] == UInt8(ascii: " ") { start += 1 }
      while end > start, list.bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
      if start < end { return start..<end }
    }
    return nil
  }
}
