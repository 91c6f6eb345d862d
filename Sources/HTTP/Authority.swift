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
        IPv6Address.isValid(bytes[1..<bracket])
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
    guard bytes[end] == UInt8(ascii: ":"),
      let number = Authority.port(bytes[end + 1..<count])
    else { return nil }
    port = number.isEmpty ? nil : number.value
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

  private static func port(_ digits: RawSpan) -> (value: UInt16, isEmpty: Bool)? {
    var value: UInt16 = 0
    for offset in 0..<digits.byteCount {
      guard digits[offset].isDigit else { return nil }
      let (tens, isLong) = value.multipliedReportingOverflow(by: 10)
      let (sum, isLarge) = tens.addingReportingOverflow(
        UInt16(digits[offset] - UInt8(ascii: "0")))
      guard !isLong, !isLarge else { return nil }
      value = sum
    }
    return (value, digits.byteCount == 0)
  }
}

/// The text form of an IPv6 address (RFC 3986, section 3.2.2), without a zone.
enum IPv6Address {
  static func isValid(_ text: RawSpan) -> Bool {
    let count = text.byteCount
    var (groups, offset, isShortened) = (0, 0, false)
    while offset < count {
      if text[offset] == UInt8(ascii: ":") {
        guard !isShortened, offset + 1 < count, text[offset + 1] == UInt8(ascii: ":") else {
          return false
        }
        isShortened = true
        offset += 2
        continue
      }
      let start = offset
      while offset < count, text[offset].hexValue != nil { offset += 1 }
      if offset < count, text[offset] == UInt8(ascii: ".") {
        guard isIPv4(text[start..<count]) else { return false }
        groups += 2
        offset = count
        break
      }
      guard offset > start, offset - start <= 4 else { return false }
      groups += 1
      guard offset < count else { break }
      guard text[offset] == UInt8(ascii: ":"), offset + 1 < count else { return false }
      // Of a double colon the first one is left for the loop's next round.
      if text[offset + 1] != UInt8(ascii: ":") { offset += 1 }
    }
    return isShortened ? groups <= 7 : groups == 8
  }

  private static func isIPv4(_ text: RawSpan) -> Bool {
    var (octets, value, digits) = (1, 0, 0)
    for offset in 0..<text.byteCount {
      if text[offset] == UInt8(ascii: ".") {
        guard digits > 0 else { return false }
        (octets, value, digits) = (octets + 1, 0, 0)
      } else {
        guard text[offset].isDigit, digits == 0 || value > 0 else { return false }
        value = value * 10 + Int(text[offset] - UInt8(ascii: "0"))
        digits += 1
        guard value <= 255 else { return false }
      }
    }
    return octets == 4 && digits > 0
  }
}
