public import Memory

/// The head of one frame from a client (RFC 6455, section 5.2).
public struct FrameHeader: Equatable {
  public var isFinal: Bool
  public var opcode: Opcode
  /// Bytes, no more than the limit that was given.
  public var payloadSize: Int
  public var maskingKey: MaskingKey

  /// The longest head a client can send: two bytes, eight of length, four of masking key.
  public static let maximumSize = 14

  /// Reads a client's frame head. It is tried again from the first byte when more has come: at
  /// most fourteen bytes are looked at twice.
  ///
  /// - Parameter payloadMaximum: bytes; a longer data frame is refused here, before any of its
  ///   payload has come.
  ///   - reserved: the reserved bits that are set, and no others, where an extension says so.
  @inline(__always) public static func parse(
    _ bytes: RawSpan, payloadMaximum: Int, reserved: UInt8 = 0
  ) throws(ProtocolViolation) -> Parsed<FrameHeader> {
    guard bytes.byteCount >= 2 else {
      if bytes.byteCount == 1 { _ = try opcode(of: bytes[0], reserved) }
      return .needMore
    }
    let first = bytes[0]
    let second = bytes[1]
    let opcode = try opcode(of: first, reserved)
    let isFinal = first & 0x80 != 0
    guard second & 0x80 != 0 else { throw .unmasked }

    let shortSize = Int(second & 0x7F)
    if opcode.isControl {
      guard isFinal else { throw .fragmentedControl }
      guard shortSize <= 125 else { throw .oversizedControl }
    }
    let lengthSize = shortSize == 126 ? 2 : shortSize == 127 ? 8 : 0
    let size = 2 + lengthSize + 4
    guard bytes.byteCount >= 2 + lengthSize else { return .needMore }
    let payloadSize = try payloadLength(bytes, shortSize)
    guard opcode.isControl || payloadSize <= payloadMaximum else { throw .messageTooBig }
    guard bytes.byteCount >= size else { return .needMore }

    let key = MaskingKey(bytes.load(at: size - 4, as: UInt32.self))
    return .done(
      FrameHeader(isFinal: isFinal, opcode: opcode, payloadSize: payloadSize, maskingKey: key),
      consumed: size)
  }

  /// Finds a whole message in a frame of less than 64 KiB, all of which is there, in few questions:
  /// its first eight bytes hold the head, the masking key as it lies in memory. Nil may mean
  /// anything else: `parse` says what.
  @inline(__always) static func whole(
    _ bytes: borrowing MutableRawSpan, _ position: Int
  ) -> (opcode: Opcode, payload: Range<Int>, key: UInt32)? {
    // No sum below overflows: each counts bytes that are there.
    let count = bytes.byteCount &- position
    guard count >= 8 else { return nil }
    let head = UInt64(littleEndian: bytes.load(at: position, as: UInt64.self))
    // The final bit and the opcode, none of the reserved bits.
    let opcode: Opcode
    switch head & 0xFF {
    case 0x81: opcode = .text
    case 0x82: opcode = .binary
    default: return nil
    }
    // A payload without a mask has less than 0x80 here.
    var size = Int(head >> 8 & 0xFF) &- 0x80
    var headSize = 6
    if size >= 126 {
      guard size == 126 else { return nil }
      size = Int(UInt16(truncatingIfNeeded: head >> 16).byteSwapped)
      guard size > 125 else { return nil }
      headSize = 8
    }
    guard size >= 0, size <= count &- headSize else { return nil }
    let start = position &+ headSize
    let key = UInt32(truncatingIfNeeded: head >> UInt64(8 * headSize - 32)).littleEndian
    return (opcode, start..<(start &+ size), key)
  }

  @inline(__always) private static func opcode(
    of first: UInt8, _ reserved: UInt8
  ) throws(ProtocolViolation) -> Opcode {
    guard first & 0x70 == reserved else { throw .reservedBits }
    guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .unknownOpcode }
    return opcode
  }

  @inline(__always) private static func payloadLength(
    _ bytes: RawSpan, _ shortSize: Int
  ) throws(ProtocolViolation) -> Int {
    switch shortSize {
    case 126:
      let length = UInt16(bigEndian: bytes.load(at: 2, as: UInt16.self))
      guard length > 125 else { throw .nonMinimalLength }
      return Int(length)
    case 127:
      let length = UInt64(bigEndian: bytes.load(at: 2, as: UInt64.self))
      guard length >> 63 == 0 else { throw .lengthOutOfRange }
      guard length > 0xFFFF else { throw .nonMinimalLength }
      guard let size = Int(exactly: length) else { throw .messageTooBig }
      return size
    default:
      return shortSize
    }
  }
}
