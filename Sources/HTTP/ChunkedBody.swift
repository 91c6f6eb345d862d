import Memory

/// Decodes a chunked body (RFC 9112, section 7.1) where it lies, chunk by chunk as they come: what
/// is decoded stands at the front of the same bytes. Chunk extensions and trailers are dropped.
public struct ChunkedBody: Sendable {
  /// Bytes of a chunk's first line: enough for any size, and for extensions that nobody reads.
  static let lineMaximum = 128
  /// Bytes of all trailers together.
  static let trailersMaximum = 1024

  /// A larger maximum would leave no room for the digit that goes beyond it.
  private static let longest = Int.max >> 4

  private enum Part { case size, data, trailers }

  private let maximum: Int
  private var part = Part.size
  /// Bytes that are decoded.
  private var decoded = 0
  /// Bytes that were looked at and need not be again.
  private var consumed = 0
  /// Bytes of the chunk whose data comes next.
  private var chunkSize = 0
  private var trailersStart = 0

  /// - Parameter maximum: bytes of the decoded body; a chunk that would go beyond is refused
  ///   before its data has come.
  public init(maximum: Int) {
    precondition(maximum >= 0 && maximum <= ChunkedBody.longest)
    self.maximum = maximum
  }

  /// Goes on with what has come.
  ///
  /// - Parameter bytes: everything behind the head, what this function left in the last call at the
  ///   same place and newer bytes behind it.
  /// - Returns: the decoded body's size, and the bytes that the chunked one took.
  public mutating func decode(
    _ bytes: inout MutableRawSpan
  ) throws(RequestError) -> Parsed<Int> {
    while true {
      switch part {
      case .size:
        guard let end = try lineEnd(in: bytes.bytes, within: ChunkedBody.lineMaximum, .chunk)
        else { return .needMore }
        chunkSize = try size(in: bytes.bytes[consumed..<end])
        consumed = end + 2
        part = chunkSize > 0 ? .data : .trailers
        trailersStart = consumed
      case .data:
        guard try takeData(&bytes) else { return .needMore }
        part = .size
      case .trailers:
        let room = ChunkedBody.trailersMaximum - (consumed - trailersStart)
        guard let end = try lineEnd(in: bytes.bytes, within: room, .trailersTooLarge)
        else { return .needMore }
        let line = consumed..<end
        consumed = end + 2
        guard line.isEmpty else {
          try checkTrailer(bytes.bytes, line)
          continue
        }
        return .done(decoded, consumed: consumed)
      }
    }
  }

  /// The place of the CR LF that ends the line at `consumed`, nil when it is still to come.
  private func lineEnd(
    in bytes: RawSpan, within room: Int, _ tooLong: RequestError
  ) throws(RequestError) -> Int? {
    let most = consumed + max(0, room) + 2
    let end = min(bytes.byteCount, most)
    let found = bytes.firstControl(from: min(consumed, end), to: end)
    guard found == end || bytes[found] == UInt8(ascii: "\r") else { throw .chunk }
    guard found + 1 < end else {
      guard end < most else { throw tooLong }
      return nil
    }
    guard bytes[found + 1] == UInt8(ascii: "\n") else { throw .chunk }
    return found
  }

  /// `1*HEXDIG`, and perhaps extensions behind a semicolon.
  private func size(in line: RawSpan) throws(RequestError) -> Int {
    var size = 0
    var offset = 0
    while offset < line.byteCount, let digit = line[offset].hexValue {
      size = size << 4 | Int(digit)
      guard size <= maximum - decoded else { throw .bodyTooLarge }
      offset += 1
    }
    guard offset > 0 else { throw .chunk }
    guard offset < line.byteCount else { return size }
    while offset < line.byteCount, line[offset].isBlank { offset += 1 }
    guard offset < line.byteCount, line[offset] == UInt8(ascii: ";") else { throw .chunk }
    return size
  }

  /// Moves a chunk's data to the front once the CR LF behind it is there; false until then.
  private mutating func takeData(_ bytes: inout MutableRawSpan) throws(RequestError) -> Bool {
    let end = consumed + chunkSize
    guard end < bytes.byteCount else { return false }
    guard bytes[end] == UInt8(ascii: "\r") else { throw .chunk }
    guard end + 1 < bytes.byteCount else { return false }
    guard bytes[end + 1] == UInt8(ascii: "\n") else { throw .chunk }
    bytes.moveDown(consumed..<end, to: decoded)
    decoded += chunkSize
    consumed = end + 2
    return true
  }

  private func checkTrailer(_ bytes: RawSpan, _ line: Range<Int>) throws(RequestError) {
    let nameEnd = try fieldNameEnd(in: bytes, line)
    switch FieldName(in: bytes, at: line.lowerBound, count: nameEnd - line.lowerBound) {
    case .other: break
    default: throw .trailer
    }
  }
}

extension MutableRawSpan {
  /// Copies `range` to a place before it, front to back, so that the two may overlap.
  @_lifetime(self: copy self)
  fileprivate mutating func moveDown(_ range: Range<Int>, to place: Int) {
    precondition(place <= range.lowerBound)
    let distance = range.lowerBound - place
    guard distance > 0 else { return }
    var offset = range.lowerBound
    while offset <= range.upperBound - 8 {
      store(load(at: offset, as: UInt64.self), at: offset - distance)
      offset += 8
    }
    while offset < range.upperBound {
      self[offset - distance] = self[offset]
      offset += 1
    }
  }
}
