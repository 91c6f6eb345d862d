public import Memory

/// What came in, as far as it is whole.
public enum Incoming: Equatable {
  /// Nothing more is whole: what lies behind the position has to be handed in again with more.
  case needMore
  /// A message, unmasked, that lies whole in the bytes received.
  case message(Opcode, Range<Int>)
  /// A message that came in pieces and lies in `MessageAssembler.pieces`.
  case assembled(Opcode)
  /// The same two of a compressed message. Nobody has looked at the UTF-8 of a text yet.
  case compressed(Opcode, Range<Int>)
  case compressedPieces(Opcode)
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
  private var stage = Stage.head
  /// Whether the message begun is compressed.
  private var isCompressed = false
  /// Whether compressed messages were agreed on.
  private var takesCompressed = false

  /// What is read next.
  private enum Stage {
    case head
    /// The same where it may begin a compressed message.
    case anyHead
    /// The rest of a data frame, whose head was read.
    case payload
    /// The head of a frame within a compressed message.
    case headWithinCompressed
  }

  public init() {}

  private var nextHead: Stage { takesCompressed ? .anyHead : .head }

  /// Takes compressed messages from now on: permessage-deflate is agreed on (RFC 7692).
  public mutating func takeCompressed() {
    takesCompressed = true
    stage = .anyHead
  }

  /// Whether a message was begun and is not whole: it holds memory, and ought to have a time limit.
  public var isTorn: Bool { opcode != nil }

  /// Reads on from `position`, which moves behind what was consumed. The bytes are unmasked in
  /// place.
  ///
  /// - Parameters:
  ///   - bytes: what was received, and from `position` on not consumed yet.
  ///   - messageMaximum: bytes of a whole message, refused at the frame head that passes it; a
  ///     higher one than 2^31 - 1 counts as that.
  ///   - compressedMaximum: the same of a compressed one as it comes, where they were agreed on.
  ///   - pool: must have slots for `bytes` and one more.
  public mutating func next(
    _ bytes: inout MutableRawSpan, _ position: inout Int, messageMaximum: Int,
    compressedMaximum: Int = 0, pool: inout SlotPool
  ) throws(ProtocolViolation) -> Incoming {
    if stage != .head, let incoming = try goOn(&bytes, &position, compressedMaximum, &pool) {
      return incoming
    }
    let room = min(messageMaximum, Int(Int32.max)) - Int(pieces.count)
    let parsed = try FrameHeader.parse(
      bytes.bytes.extracting(position..<bytes.byteCount), payloadMaximum: room)
    guard case .done(let header, let size) = parsed else { return .needMore }
    if header.opcode.isControl { return try control(header, size, &bytes, &position) }
    try begin(header)
    position += size
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
    bytes.xor(frame.payload, with: frame.key)
    position = frame.payload.upperBound
    if frame.opcode == .text {
      guard UTF8Validator.isValid(bytes.bytes.extracting(frame.payload)) else {
        throw .invalidUTF8
      }
    }
    return (frame.opcode, frame.payload)
  }

  /// What comes in another stage than `head`; nil when it is the head of a frame like any other.
  @inline(never)
  private mutating func goOn(
    _ bytes: inout MutableRawSpan, _ position: inout Int, _ compressedMaximum: Int,
    _ pool: inout SlotPool
  ) throws(ProtocolViolation) -> Incoming? {
    if stage == .payload { return try payload(&bytes, &position, &pool) }
    #if Deflate
    if stage == .anyHead {
      guard position < bytes.byteCount, bytes.bytes[position] & 0x40 != 0 else { return nil }
    }
    return try nextCompressed(&bytes, &position, compressedMaximum, &pool)
    #else
    return nil
    #endif
  }

  #if Deflate
  /// What comes where a compressed message begins or goes on: RSV1 stands on the first of its
  /// frames, and on no other (RFC 7692, section 6).
  @inline(never)
  private mutating func nextCompressed(
    _ bytes: inout MutableRawSpan, _ position: inout Int, _ compressedMaximum: Int,
    _ pool: inout SlotPool
  ) throws(ProtocolViolation) -> Incoming {
    let begins = stage == .anyHead
    let parsed = try FrameHeader.parse(
      bytes.bytes.extracting(position..<bytes.byteCount),
      payloadMaximum: min(compressedMaximum, Int(Int32.max)) - Int(pieces.count),
      reserved: begins ? 0x40 : 0)
    guard case .done(let header, let size) = parsed else { return .needMore }
    if begins, header.opcode.isControl || header.opcode == .continuation { throw .reservedBits }
    if header.opcode.isControl { return try control(header, size, &bytes, &position) }
    try begin(header)
    isCompressed = true
    position += size
    return try payload(&bytes, &position, &pool)
  }
  #endif

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
    stage = .payload
  }

  private mutating func payload(
    _ bytes: inout MutableRawSpan, _ position: inout Int, _ pool: inout SlotPool
  ) throws(ProtocolViolation) -> Incoming {
    let length = min(Int(missing), bytes.byteCount - position)
    let range = position..<(position + length)
    key.apply(to: &bytes, range)
    if opcode == .text, !isCompressed {
      guard text.feed(bytes.bytes.extracting(range)) else { throw .invalidUTF8 }
    }
    position += length
    missing -= UInt32(length)

    let isWhole = missing == 0
    if isWhole { stage = isCompressed && !isFinal ? .headWithinCompressed : nextHead }
    if isWhole, isFinal, let opcode {
      guard opcode != .text || text.isComplete else { throw .invalidUTF8 }
      self.opcode = nil
      let wasCompressed = isCompressed
      isCompressed = false
      if pieces.isEmpty {
        return wasCompressed ? .compressed(opcode, range) : .message(opcode, range)
      }
      keep(bytes.bytes.extracting(range), &pool)
      return wasCompressed ? .compressedPieces(opcode) : .assembled(opcode)
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
