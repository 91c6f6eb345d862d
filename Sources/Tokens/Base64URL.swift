public import Memory

/// Base64 with the alphabet for addresses (RFC 4648, section 5), as JOSE wants it: no padding, no
/// white space, and unused bits that are zero, so that a text has one way to be written.
public enum Base64URL {
  /// Bytes that `count` characters stand for.
  public static func decodedCount(_ count: Int) -> Int { count / 4 * 3 + max(0, count % 4 - 1) }

  /// Characters that stand for `count` bytes.
  public static func encodedCount(_ count: Int) -> Int { (count * 4 + 2) / 3 }

  /// Appends what `text` stands for; false when it is not Base64url or did not fit.
  public static func decode(_ text: RawSpan, into writer: inout ByteWriter) -> Bool {
    guard text.byteCount % 4 != 1 else { return false }
    var group: UInt32 = 0
    var bits = 0
    for offset in 0..<text.byteCount {
      let value = value(of: text[offset])
      guard value < 64 else { return false }
      group = group << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        writer.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
      }
    }
    return group & (1 << UInt32(bits) - 1) == 0 && !writer.overflowed
  }

  /// Appends the characters for `bytes`.
  public static func encode(_ bytes: RawSpan, into writer: inout ByteWriter) {
    var group: UInt32 = 0
    var bits = 0
    for offset in 0..<bytes.byteCount {
      group = group << 8 | UInt32(bytes[offset])
      bits += 8
      while bits >= 6 {
        bits -= 6
        writer.append(character(UInt8(truncatingIfNeeded: group >> UInt32(bits)) & 0x3F))
      }
    }
    if bits > 0 {
      writer.append(character(UInt8(truncatingIfNeeded: group << UInt32(6 - bits)) & 0x3F))
    }
  }

  /// The six bits of a character, 255 when it is none of the alphabet.
  private static func value(of character: UInt8) -> UInt8 {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
    case UInt8(ascii: "-"): 62
    case UInt8(ascii: "_"): 63
    default: 255
    }
  }

  private static func character(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + value - 26
    case 52..<62: UInt8(ascii: "0") + value - 52
    case 62: UInt8(ascii: "-")
    default: UInt8(ascii: "_")
    }
  }
}

/// In arrays, for what is done at start.
extension Base64URL {
  /// Nil when `text` is not Base64url.
  public static func decoded(_ text: RawSpan) -> [UInt8]? {
    var writer = ByteWriter(capacity: max(1, decodedCount(text.byteCount)))
    guard decode(text, into: &writer) else { return nil }
    return array(writer.bytes)
  }

  public static func encoded(_ bytes: RawSpan) -> [UInt8] {
    var writer = ByteWriter(capacity: max(1, encodedCount(bytes.byteCount)))
    encode(bytes, into: &writer)
    return array(writer.bytes)
  }

  private static func array(_ bytes: RawSpan) -> [UInt8] {
    var list: [UInt8] = []
    list.reserveCapacity(bytes.byteCount)
    for offset in 0..<bytes.byteCount { list.append(bytes[offset]) }
    return list
  }
}
