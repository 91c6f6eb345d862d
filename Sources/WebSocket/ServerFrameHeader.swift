public import Memory

/// The head of one frame that a server sends: never masked, never fragmented (section 5.1).
public struct ServerFrameHeader {
  /// The longest head a server sends.
  public static let maximumSize = 10

  private var storage = InlineArray<10, UInt8>(repeating: 0)
  /// Bytes in use, from the first: 2, 4 or 10.
  public let size: Int

  /// - Parameter isCompressed: whether its message is: RSV1 (RFC 7692, section 6).
  public init(_ opcode: Opcode, payloadSize: Int, isCompressed: Bool = false) {
    precondition(payloadSize >= 0)
    storage[0] = (isCompressed ? 0xC0 : 0x80) | opcode.rawValue
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

extension ByteWriter {
  /// Appends the same bytes as a `ServerFrameHeader` has, without the way over it.
  public mutating func append(headOf opcode: Opcode, payloadSize: Int) {
    precondition(payloadSize >= 0)
    append(0x80 | opcode.rawValue)
    if payloadSize < 126 {
      append(UInt8(payloadSize))
    } else if payloadSize <= 0xFFFF {
      append(126)
      append(word: UInt16(payloadSize).bigEndian)
    } else {
      append(127)
      append(word: UInt64(payloadSize).bigEndian)
    }
  }
}
