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
  public static func parse(
    _ bytes: RawSpan, payloadMaximum: Int
  ) throws(ProtocolViolation) -> Parsed<FrameHeader> {
    guard bytes.byteCount >= 2 else {
      if bytes.byteCount == 1 { _ = try opcode(of: bytes[0]) }
      return .needMore
    }
    let first = bytes[0]
    let second = bytes[1]
    let opcode = try opcode(of: first)
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

  private static func opcode(of first: UInt8) throws(ProtocolViolation) -> Opcode {
    guard first & 0x70 == 0 else { throw .reservedBits }
    guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .unknownOpcode }
    return opcode
  }

  private static func payloadLength(
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

/// The head of one frame that a server sends: never masked, never fragmented (section 5.1).
public struct ServerFrameHeader {
  /// The longest head a server sends.
  public static let maximumSize = 10

  private var storage = InlineArray<10, UInt8>(repeating: 0)
  /// Bytes in use, from the first: 2, 4 or 10.
  public let size: Int

  public init(_ opcode: Opcode, payloadSize: Int) {
    precondition(payloadSize >= 0)
    storage[0] = 0x80 | opcode.rawValue
    if payloadSize < 126 {
      storage[1] = UInt8(payloadSize)
      size = 2
    } else if payloadSize <= 0xFFFF {
      storage[1] = 126
      storage[2] = UInt8(payloadSize >> 8)
      storage[3] = UInt8(payloadSize & 0xFF)
      size = 4
    } else {
      storage[1] = 127
      for place in 0..<8 {
        let byte = UInt64(payloadSize) >> UInt64(56 - 8 * place)
        storage[2 + place] = UInt8(truncatingIfNeeded: byte)
      }
      size = 10
    }
  }

  public var bytes: RawSpan {
    @_lifetime(borrow self) get { storage.span.raw.extracting(0..<size) }
  }
}
