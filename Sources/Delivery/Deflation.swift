#if Deflate
public import Memory
public import WebSocket

/// permessage-deflate (RFC 7692) of all connections, in memory that is bounded and first come,
/// first served.
///
/// Who remembers the messages before ("context takeover") has streams of its own while it lives.
/// All others share: what goes to many is compressed once for them.
public struct Deflation: ~Copyable {
  private let limits: DeflateLimits
  private var memory: DeflateMemory?
  var deflaters: Deflaters
  private var inflater: Inflater?
  private var inflaters: FixedArray<Inflater?>
  /// Connections that it is agreed on with.
  public private(set) var count = 0

  /// The message to many at hand, and its frames for those who share.
  private var message: ByteWriter
  private var wide = CompressedFrames()
  private var narrow = CompressedFrames()

  /// - Parameters:
  ///   - limits: with memory for the shared streams at least, or with none.
  ///   - connections: are numbered from 0 to this, less one.
  ///   - messageSize: bytes of the longest message.
  init(_ limits: DeflateLimits, connections: Int, messageSize: Int) {
    self.limits = limits
    let size = limits.memory > 0 ? messageSize : 1
    deflaters = Deflaters(limits, connections: connections, messageSize: size)
    inflaters = FixedArray(count: connections) { _ in nil }
    message = ByteWriter(capacity: size)
    memory = nil
    inflater = nil
    guard limits.memory > 0 else { return }
    var memory = DeflateMemory(size: limits.memory)
    deflaters.begin(in: &memory)
    inflater = memory.makeInflater(windowBits: DeflateParameters.windowBitsMaximum)
    self.memory = consume memory
  }

  /// Bytes of memory that the shared streams take at most.
  public static func sharedSize(windowBits: Int) -> Int {
    DeflateMemory.deflaterSize(windowBits: windowBits)
      + DeflateMemory.deflaterSize(windowBits: Deflaters.narrowBits)
      + DeflateMemory.inflaterSize(windowBits: DeflateParameters.windowBitsMaximum)
  }

  /// Bytes of all that it takes.
  public static func byteCount(
    _ limits: DeflateLimits, connections: Int, messageSize: Int
  ) -> Int {
    let perConnection = Deflaters.bytesPerConnection + MemoryLayout<Inflater?>.stride
    return connections * perConnection + limits.memory + 2 * messageSize
  }

  mutating func touch() {
    deflaters.touch()
    message.touch()
  }

  /// Bytes of its memory, those that are taken, and the most that were.
  public var memorySize: Int { limits.memory }
  public var memoryUsed: Int {
    switch memory {
    case .some(let memory): memory.used
    case .none: 0
    }
  }
  public var memoryPeak: Int {
    switch memory {
    case .some(let memory): memory.peak
    case .none: 0
    }
  }

  /// Whether the shared streams found memory: a zlib may take more than is planned for it.
  public var isReady: Bool {
    mutating get { deflaters.areReady && inflater != nil }
  }

  // MARK: Connections

  /// Agrees to what a client offers, and remembers messages where there is memory for it; nil when
  /// nothing can be agreed on. It holds until the connection is removed.
  public mutating func agree(
    to offer: DeflateParameters, for connection: Int
  ) -> DeflateParameters? {
    guard isReady, !compresses(connection),
      var memory = self.memory.take()
    else { return nil }
    var agreed = DeflateParameters()
    let opened = deflaters.open(
      connection, remembers: !offer.serverForgets,
      windowBits: offer.serverWindowBits ?? DeflateParameters.windowBitsMaximum, in: &memory)
    agreed.serverForgets = !opened.remembers
    if offer.serverWindowBits != nil { agreed.serverWindowBits = opened.windowBits }

    let told = offer.clientWindowBits.map { min($0, limits.windowBits) }
    if !offer.clientForgets {
      let bits = told ?? DeflateParameters.windowBitsMaximum
      // zlib compresses with 9 at least.
      inflaters[connection] = memory.makeInflater(windowBits: max(bits, 9))
    }
    agreed.clientForgets = inflaters[connection] == nil
    // Who forgets looks back in one message only, which lies there as a whole.
    if !agreed.clientForgets { agreed.clientWindowBits = told }
    self.memory = consume memory
    count += 1
    return agreed
  }

  /// Gives back what a connection has, if it has anything.
  mutating func close(_ connection: Int) {
    guard compresses(connection) else { return }
    deflaters.close(connection)
    if let inflater = inflaters[connection].take() { inflater.end() }
    count -= 1
  }

  /// Whether messages to a connection may be compressed.
  mutating func compresses(_ connection: Int) -> Bool { deflaters.sender(of: connection) != .none }

  /// Inflates a message from a connection into `target`, which is one byte longer than a message
  /// may be.
  public mutating func inflate(
    _ message: RawSpan, from connection: Int, into target: inout MutableRawSpan
  ) -> Inflater.Outcome {
    if inflaters[connection] != nil {
      return inflaters[connection]?.inflate(message, into: &target) ?? .corrupt
    }
    inflater?.reset()
    return inflater?.inflate(message, into: &target) ?? .corrupt
  }

  // MARK: To many

  /// Keeps the message to many at hand for those who compress, if there are any; one that did not
  /// fit the draft is none.
  mutating func keep(_ draft: borrowing ByteWriter) {
    message.removeAll()
    wide.isTried = false
    narrow.isTried = false
    guard count > 0, !draft.overflowed else { return }
    message.append(draft.bytes)
  }

  /// Compresses the message to many for a connection, into `deflaters.compressed`.
  mutating func compressMessage(for connection: Int) -> Bool {
    Deflation.compress(message, for: connection, &deflaters)
  }

  private static func compress(
    _ message: borrowing ByteWriter, for connection: Int, _ deflaters: inout Deflaters
  ) -> Bool { deflaters.compress(message.bytes, for: connection) }

  /// Queues the message to many for a connection that shares a stream, as a frame that is
  /// compressed once for all of them. False, with nothing queued, when it is of no use, or there is
  /// no room.
  mutating func share(
    to connection: Int, places: Int, mayHoldMore: Bool, _ outboxes: inout Outboxes
  ) -> Bool {
    switch deflaters.sender(of: connection) {
    case .none, .own: return false
    case .wide:
      Deflation.compress(message, for: connection, &wide, &deflaters, &outboxes)
      return wide.share(
        to: connection, places: places, mayHoldMore: mayHoldMore, &outboxes)
    case .narrow:
      Deflation.compress(message, for: connection, &narrow, &deflaters, &outboxes)
      return narrow.share(
        to: connection, places: places, mayHoldMore: mayHoldMore, &outboxes)
    }
  }

  private static func compress(
    _ message: borrowing ByteWriter, for connection: Int, _ frames: inout CompressedFrames,
    _ deflaters: inout Deflaters, _ outboxes: inout Outboxes
  ) {
    guard !frames.isTried else { return }
    frames.isTried = true
    frames.isSmaller = deflaters.compress(message.bytes, for: connection)
    guard frames.isSmaller else { return }
    frames.isSmaller = write(deflaters.compressed, to: &frames.frames, &outboxes)
  }

  private static func write(
    _ compressed: borrowing ByteWriter, to frames: inout SharedFrames,
    _ outboxes: inout Outboxes
  ) -> Bool {
    let header = ServerFrameHeader(.text, payloadSize: compressed.count, isCompressed: true)
    return frames.write(header, compressed.bytes, &outboxes)
  }

  mutating func endSharing(_ outboxes: inout Outboxes) {
    wide.frames.end(&outboxes)
    narrow.frames.end(&outboxes)
  }
}

/// Frames for all who share a stream.
private struct CompressedFrames: ~Copyable {
  var frames = SharedFrames()
  /// Whether the message at hand was compressed, and whether its frame is the last one.
  var isTried = true
  var isSmaller = false

  mutating func share(
    to connection: Int, places: Int, mayHoldMore: Bool, _ outboxes: inout Outboxes
  ) -> Bool {
    isSmaller
      && frames.share(to: connection, places: places, mayHoldMore: mayHoldMore, &outboxes)
  }
}
#endif
