import Memory

/// A host and perhaps a port: `uri-host [":" port]` (RFC 9110, section 7.2), without userinfo,
/// which section 4.2.4 calls an error.
///
/// IPvFuture of RFC 3986 is refused: no address has that form.
struct Authority {
  /// Where the host stands in the bytes given, an IPv6 address with its brackets; never empty.
  let host: Range<Int>
  /// Nil when it is left out or empty.
  let port: UInt16?

  /// Nil when `bytes` have another form.
  init?(_ bytes: RawSpan) {
    let count = bytes.byteCount
    let end: Int
    if count > 0, bytes[0] == UInt8(ascii: "[") {
      guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]"), in: 0..<count),
        bytes[1..<bracket].isIPv6Address
      else { return nil }
      end = bracket + 1
    } else {
      guard let name = Authority.nameEnd(in: bytes), name > 0 else { return nil }
      end = name
    }
    host = 0..<end
    guard end < count else {
      port = nil
      return
    }
    guard bytes[end] == UInt8(ascii: ":") else { return nil }
    guard end + 1 < count else {
      port = nil
      return
    }
    guard let number = bytes[end + 1..<count].decimal, let value = UInt16(exactly: number) else {
      return nil
    }
    port = value
  }

  /// Where the registered name or IPv4 address that `bytes` begin with ends (RFC 3986, section
  /// 3.2.2); nil for an escape that is none.
  private static func nameEnd(in bytes: RawSpan) -> Int? {
    var offset = 0
    while offset < bytes.byteCount {
      if bytes[offset] == UInt8(ascii: "%") {
        guard bytes.escape(at: offset) != nil else { return nil }
        offset += 3
      } else {
        guard bytes[offset].isNameCharacter else { return offset }
        offset += 1
      }
    }
    return offset
  }
}
