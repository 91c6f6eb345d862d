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
  /// Appends a frame whose head has the same bytes as a `ServerFrameHeader`, without the way over
  /// it.
  @inline(__always)
  public mutating func append(_ opcode: Opcode, _ payload: RawSpan) {
    let size = payload.byteCount
    if size < 126 { return append(word: opcode.firstBytes(size), payload) }
    if size <= 0xFFFF {
      let length = UInt32(UInt16(truncatingIfNeeded: size).byteSwapped)
      let first = UInt32(opcode.firstBytes(126).littleEndian)
      append(word: (length << 16 | first).littleEndian, payload)
    } else {
      append(word: opcode.firstBytes(127))
      append(word: UInt64(size).bigEndian, payload)
    }
  }
}

extension Opcode {
  /// The first two bytes of an unmasked frame that is final, as they lie in memory.
  ///
  /// - Parameter short: the payload's bytes up to 125, else 126 or 127.
  @inline(__always) fileprivate func firstBytes(_ short: Int) -> UInt16 {
    UInt16(littleEndian: UInt16(truncatingIfNeeded: short) << 8 | 0x80 | UInt16(rawValue))
  }
}

extension MutableRawSpan {
  /// Writes the head of a server's frame in front of its payload, where there must be room
  /// (`ServerFrameHeader.size`): a client's head, which is longer, has it.
  ///
  /// - Returns: where the frame begins.
  @_lifetime(self: copy self)
  public mutating func write(headOf opcode: Opcode, before payload: Range<Int>) -> Int {
    // Where there is no room, what is stored at `start` is refused.
    let size = payload.upperBound &- payload.lowerBound
    let start: Int
    let short: Int
    if size < 126 {
      start = payload.lowerBound &- 2
      short = size
    } else if size <= 0xFFFF {
      start = payload.lowerBound &- 4
      short = 126
      store(UInt16(size).bigEndian, at: start + 2)
    } else {
      start = payload.lowerBound &- 10
      short = 127
      store(UInt64(size).bigEndian, at: start + 2)
    }
    store(opcode.firstBytes(short), at: start)
    return start
  }
}
