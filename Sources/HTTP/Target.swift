import Memory

/// What a request's target says, without its escapes (RFC 9112, section 3.2).
public enum Target {
  /// Appends `path` to `decoded`, each escape replaced by its byte, so that a path that is written
  /// in another way still leads to the same place (RFC 9110, section 4.2.3).
  ///
  /// What would let one path pass for another is refused with 400: an escaped slash, an escaped
  /// control character, a segment `.` or `..` in whatever writing. Empty segments stay.
  ///
  /// - Parameters:
  ///   - path: as the head has it; empty means `/`.
  ///   - decoded: a path that does not fit throws `requestLineTooLong`.
  public static func decode(
    path: RawSpan, into decoded: inout ByteWriter
  ) throws(RequestError) {
    if path.byteCount == 0 { decoded.append(UInt8(ascii: "/")) }
    var segmentStart = decoded.count
    var offset = 0
    while offset < path.byteCount {
      var byte = path[offset]
      if byte == UInt8(ascii: "/") {
        guard !isDots(decoded.bytes, from: segmentStart) else { throw .dotSegment }
        segmentStart = decoded.count + 1
        offset += 1
      } else if byte == UInt8(ascii: "%") {
        guard let escaped = path.escape(at: offset) else { throw .percentEscape }
        guard escaped != UInt8(ascii: "/"), !escaped.isControl else { throw .escapedDelimiter }
        byte = escaped
        offset += 3
      } else {
        offset += 1
      }
      decoded.append(byte)
    }
    guard !decoded.overflowed else { throw .requestLineTooLong }
    guard !isDots(decoded.bytes, from: segmentStart) else { throw .dotSegment }
  }

  private static func isDots(_ bytes: RawSpan, from start: Int) -> Bool {
    let segment = bytes[min(start, bytes.byteCount)..<bytes.byteCount]
    return segment.equals(".") || segment.equals("..")
  }

  /// Appends the value of the first parameter `name` in `query` to `value`, decoded as
  /// application/x-www-form-urlencoded: `%XX` and `+` for a space. A parameter without `=` has an
  /// empty value. Of several the first one counts.
  ///
  /// - Parameters:
  ///   - query: as the head has it, without the question mark.
  ///   - value: one that does not fit throws `requestLineTooLong`. The bytes are any bytes: an id
  ///     is still to be checked by `Identifier`.
  /// - Returns: whether there is one.
  public static func appendParameter(
    _ name: StaticString, of query: RawSpan, to value: inout ByteWriter
  ) throws(RequestError) -> Bool {
    var start = 0
    while start < query.byteCount {
      let end =
        query.firstIndex(of: UInt8(ascii: "&"), in: start..<query.byteCount) ?? query.byteCount
      let equals = query.firstIndex(of: UInt8(ascii: "="), in: start..<end) ?? end
      let key = FormText(query[start..<equals])
      if try key.equals(name.bytes) {
        var text = FormText(query[min(equals + 1, end)..<end])
        while let byte = try text.next() { value.append(byte) }
        guard !value.overflowed else { throw .requestLineTooLong }
        return true
      }
      start = end + 1
    }
    return false
  }
}

/// A name or a value of application/x-www-form-urlencoded, byte by byte.
private struct FormText: ~Escapable {
  let bytes: RawSpan
  var offset = 0

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  mutating func next() throws(RequestError) -> UInt8? {
    guard offset < bytes.byteCount else { return nil }
    defer { offset += 1 }
    switch bytes[offset] {
    case UInt8(ascii: "+"): return UInt8(ascii: " ")
    case UInt8(ascii: "%"):
      guard let byte = bytes.escape(at: offset) else { throw .percentEscape }
      offset += 2
      return byte
    default: return bytes[offset]
    }
  }

  func equals(_ name: RawSpan) throws(RequestError) -> Bool {
    var text = FormText(bytes)
    var place = 0
    while let byte = try text.next() {
      guard place < name.byteCount, name[place] == byte else { return false }
      place += 1
    }
    return place == name.byteCount
  }
}
