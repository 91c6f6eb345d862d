/// What the id of a room, a session or a user may be (PROTOCOL.md, section 1).
public enum Identifier {
  /// Bytes of the longest one.
  public static let maximumSize = 64

  /// Whether `bytes`, decoded, are 1 to 64 bytes of UTF-8 without a slash and without control
  /// characters: C0, DEL and C1.
  public static func isValid(_ bytes: RawSpan) -> Bool {
    guard bytes.byteCount <= maximumSize, isText(bytes) else { return false }
    for offset in 0..<bytes.byteCount where bytes[offset] == UInt8(ascii: "/") { return false }
    return true
  }

  /// Whether `bytes` may name a room: an identifier that is no path of its own under `/ws`, and no
  /// step in one.
  public static func isRoomName(_ bytes: RawSpan) -> Bool {
    isValid(bytes) && !isReserved(bytes) && !isSame(bytes, ".") && !isSame(bytes, "..")
  }

  /// Whether a path of this name under `/ws` is another thing than a room.
  public static func isReserved(_ bytes: RawSpan) -> Bool {
    isSame(bytes, "realtime") || isSame(bytes, "auth") || isSame(bytes, "stats")
      || isSame(bytes, "broadcast") || isSame(bytes, "connections")
      || isSame(bytes, "test-sessions")
  }

  private static func isSame(_ bytes: RawSpan, _ text: StaticString) -> Bool {
    bytes.equals(text.bytes)
  }

  /// Whether `bytes` are at least one character of UTF-8, none of them a control character.
  public static func isText(_ bytes: RawSpan) -> Bool {
    guard bytes.byteCount > 0 else { return false }
    var offset = 0
    while offset < bytes.byteCount {
      let lead = bytes[offset]
      let count = sequenceSize(lead)
      guard count > 0, offset + count <= bytes.byteCount, lead >= 0x20, lead != 0x7F else {
        return false
      }
      if count > 1 {
        guard secondByte(after: lead).contains(bytes[offset + 1]) else { return false }
        for place in offset + 2..<offset + count where bytes[place] & 0xC0 != 0x80 { return false }
      }
      offset += count
    }
    return true
  }

  /// Bytes of the sequence that `lead` begins (RFC 3629, section 4), 0 when none does.
  private static func sequenceSize(_ lead: UInt8) -> Int {
    switch lead {
    case 0x00...0x7F: 1
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 0
    }
  }

  /// What may follow `lead` without an overlong form, a surrogate or a value past U+10FFFF (RFC
  /// 3629, section 4), nor one of C1 (U+0080 to U+009F).
  private static func secondByte(after lead: UInt8) -> ClosedRange<UInt8> {
    switch lead {
    case 0xC2: 0xA0...0xBF
    case 0xE0: 0xA0...0xBF
    case 0xED: 0x80...0x9F
    case 0xF0: 0x90...0xBF
    case 0xF4: 0x80...0x8F
    default: 0x80...0xBF
    }
  }
}
