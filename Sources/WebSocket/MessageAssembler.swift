public import Memory

/// What came in, as far as it is whole.
public enum Incoming: Equatable {
  /// Nothing more is whole: what lies behind the position has to be handed in again with more.
  case needMore
  /// A message, unmasked, that lies whole in the bytes received.
  case message(Opcode, Range<Int>)
  /// A message that came in pieces and lies in `MessageAssembler.pieces`.
  case assembled(Opcode)
  /// A fragment that is not the last; it counts as a message for rate limits.
  case fragment
  case ping(Range<Int>)
  case pong(Range<Int>)
  /// The peer closes; nil when it gave no code (RFC 6455, section 7.1.5).
  case close(CloseCode?)
}

/// Puts a client's frames together (RFC 6455, section 5.4): fragments, control frames between
/// them, masking, UTF-8, limits.
///
/// What is whole is handled where it lies in the bytes received; only what is torn is kept, in
/// slots of the pool that the caller hands in.
public struct MessageAssembler: ~Copyable {
  /// The payload of a torn message so far.
  public var pieces = SlotChain()
  /// Bytes of the frame begun that have not come yet.
  private var missing: UInt32 = 0
  private var key = MaskingKey(0)
  private var text = UTF8Validator()
  /// Of the message begun; nil between messages.
  private var opcode: Opcode?
  private var isFinal = false
  /// Whether the head of a data frame was read and its payload is not whole yet.
  private var isInFrame = false

  public init() {}

  /// Whether a message was begun and is not whole: it holds memory, and ought to have a time limit.
  public var isTorn: Bool { opcode != nil }

  /// Reads on from `position`, which moves behind what was consumed. The bytes are unmasked in
  /// place.
  ///
  /// - Parameters:
  ///   - bytes: what was received, and from `position` on not consumed yet.
  ///   - messageMaximum: bytes of a whole message, refused at the frame head that passes it; a
  ///     higher one than 2^31 - 1 counts as that.
  ///   - pool: must have slots for `bytes` and one more.
  public mutating func next(
    _ bytes: inout MutableRawSpan, _ position: inout Int, messageMaximum: Int, pool: inout SlotPool
  ) throws(ProtocolViolation) -> Incoming {
    if !isInFrame {
      let room = min(messageMaximum, Int(Int32.max)) - Int(pieces.count)
      let parsed = try FrameHeader.parse(
        bytes.bytes.extracting(position..<bytes.byteCount), payloadMaximum: room)
      guard case .done(let header, let size) = parsed else { return .needMore }
      if header.opcode.isControl { return try control(header, size, &bytes, &position) }
      try begin(header)
      position += size
    }
    return try payload(&bytes, &position, &pool)
  }

  /// What `next` would give, if it is a message that lies whole in the bytes received, in one frame
  /// of less than 64 KiB, as nearly all do: nothing is kept of it, and little has to be asked. Nil
  /// leaves all as it was, for `next`.
  @inline(__always) public mutating func nextWhole(
    _ bytes: inout MutableRawSpan, _ position: inout Int, messageMaximum: Int
  ) throws(ProtocolViolation) -> (opcode: Opcode, payload: Range<Int>)? {
    guard opcode == nil, let frame = FrameHeader.whole(bytes, position),
      frame.payload.count <= messageMaximum
    else { return nil }
    bytes.xor(frame.payload, with: bytes.load(at: frame.payload.lowerBound &- 4, as: UInt32.self))
    position = frame.payload.upperBound
    if frame.opcode == .text {
      guard UTF8Validator.isValid(bytes.bytes.extracting(frame.payload)) else {
        throw .invalidUTF8
      }
    }
    return frame
  }

  private mutating func begin(_ header: FrameHeader) throws(ProtocolViolation) {
    if header.opcode == .continuation {
      guard opcode != nil else { throw .unexpectedContinuation }
    } else {
      guard opcode == nil else { throw .expectedContinuation }
      precondition(pieces.isEmpty, "the message before was not taken out of its pieces")
      opcode = header.opcode
      text = UTF8Validator()
    }
    isFinal = header.isFinal
    missing = UInt32(header.payloadSize)
    key = header.maskingKey
    isInFrame = true
  }

  private mutating func payload(
    _ bytes: inout MutableRawSpan, _ position: inout Int, _ pool: inout SlotPool
  ) throws(ProtocolViolation) -> Incoming {
    let length = min(Int(missing), bytes.byteCount - position)
    let range = position..<(position + length)
    key.apply(to: &bytes, range)
    if opcode == .text {
      guard text.feed(bytes.bytes.extracting(range)) else { throw .invalidUTF8 }
    }
    position += length
    missing -= UInt32(length)

    let isWhole = missing == 0
    if isWhole { isInFrame = false }
    if isWhole, isFinal, let opcode {
      guard opcode != .text || text.isComplete else { throw .invalidUTF8 }
      self.opcode = nil
      if pieces.isEmpty { return .message(opcode, range) }
      keep(bytes.bytes.extracting(range), &pool)
      return .assembled(opcode)
    }
    keep(bytes.bytes.extracting(range), &pool)
    return isWhole ? .fragment : .needMore
  }

  private mutating func keep(_ bytes: RawSpan, _ pool: inout SlotPool) {
    let kept = pool.append(bytes, to: &pieces)
    precondition(kept, "more was read than the pool can keep")
  }

  /// A control frame is taken only when it is whole: it is short (section 5.5), and what is torn
  /// comes again.
  private func control(
    _ header: FrameHeader, _ size: Int, _ bytes: inout MutableRawSpan, _ position: inout Int
  ) throws(ProtocolViolation) -> Incoming {
    guard bytes.byteCount - position >= size + header.payloadSize else { return .needMore }
    let start = position + size
    let range = start..<(start + header.payloadSize)
    var key = header.maskingKey
    key.apply(to: &bytes, range)
    position = range.upperBound
    switch header.opcode {
    case .ping: return .ping(range)
    case .pong: return .pong(range)
    default: return .close(try closeCode(bytes.bytes.extracting(range)))
    }
  }

  private func closeCode(_ payload: RawSpan) throws(ProtocolViolation) -> CloseCode? {
    guard payload.byteCount > 0 else { return nil }
    guard payload.byteCount >= 2 else { throw .closePayload }
    let code = CloseCode(rawValue: UInt16(bigEndian: payload.load(at: 0, as: UInt16.self)))
    guard code.mayBeReceived else { throw .closePayload }
    var reason = UTF8Validator()
    guard reason.feed(payload.extracting(2..<payload.byteCount)), reason.isComplete else {
      throw .invalidUTF8
    }
    return code
  }
}
