/// The sizes that follow from several settings, each derived here and nowhere else.
///
/// Whoever takes a size from a setting whose 0 means "derived" asks here.
public struct Limits: Sendable {
  /// The longest header in front of what a server sends: RFC 6455 section 5.2, without a mask.
  static let largestSentHeader = 10
  /// The longest header in front of what a client sends: RFC 6455 section 5.2.
  static let largestReceivedHeader = 14
  /// Control frames that have a place of their own in every queue: a ping or pong, and a close.
  static let controlBlocks = 2
  /// Connections that may at once hold as much as one may hold, while the others hold a block.
  static let busyConnections = 16

  /// Sockets.
  public let connections: Int
  /// Bytes taken from one connection in one turn.
  public let receiveSize: Int
  /// Blocks that may wait for one receiver.
  public let writeQueue: Int
  /// Blocks in the pool for reading.
  public let readBlocks: Int
  /// Blocks in the pool for writing.
  public let writeBlocks: Int
  /// Messages that may come at once; 0 when there is no rate.
  public let burst: Int
  /// Step sessions; 0 when the build has none.
  public let stepSessions: Int

  public init(_ configuration: Configuration) {
    let settings = configuration
    let message = settings[.maxMessageSize]
    let head = settings[.maxHeadSize]

    connections =
      settings[.maxConnections]  // upgraded
      + settings[.httpConnections]  // plain HTTP and refusals

    // One connection's memory, so it may be generous: most messages and heads are handled in it.
    let roomy = max(16 << 10, head, message + Self.largestReceivedHeader)
    receiveSize = settings.number(.receiveSize, or: min(roomy, 64 << 10))

    let sent = Self.blocksSent(message, settings[.writeBufferSize])
    writeQueue = settings.number(.writeQueue, or: max(16, 2 * sent + Self.controlBlocks))

    let torn = Self.blocksTorn(message, head, settings[.readBufferSize])
    let busy = min(connections, Self.busyConnections)
    let reading =
      connections  // each: the beginning of a message or head
      + busy * torn  // some: the whole of the largest
    readBlocks = settings.number(.readBuffers, or: reading)

    let writing =
      connections * 2  // each: a message and a control frame
      + busy * writeQueue  // some: all that one may have waiting
    writeBlocks = settings.number(.writeBuffers, or: writing)

    let rate = settings[.messageRate]
    burst = rate == 0 ? 0 : settings.number(.burst, or: rate)
    stepSessions =
      settings.number(.stepMaxSessions).map { $0 == 0 ? settings[.maxConnections] : $0 } ?? 0
  }

  /// What a setting whose 0 means "derived" comes to, nil for any other.
  func derived(_ key: SettingKey) -> Int? {
    switch key {
    case .receiveSize: receiveSize
    case .writeQueue: writeQueue
    case .readBuffers: readBlocks
    case .writeBuffers: writeBlocks
    case .stepMaxSessions: stepSessions
    default: nil
    }
  }

  /// The bytes of both pools; wider than a board's `Int`, which they may not fit.
  func poolBytes(_ configuration: Configuration) -> (read: Int64, write: Int64) {
    (
      Int64(readBlocks) * Int64(configuration[.readBufferSize]),
      Int64(writeBlocks) * Int64(configuration[.writeBufferSize])
    )
  }

  /// Blocks that a message of so many bytes takes on its way out.
  static func blocksSent(_ message: Int, _ block: Int) -> Int {
    blocks(of: message + largestSentHeader, block)
  }

  /// Blocks that the larger of a message and a head takes until it is whole.
  static func blocksTorn(_ message: Int, _ head: Int, _ block: Int) -> Int {
    blocks(of: max(head, message + largestReceivedHeader), block)
  }

  private static func blocks(of bytes: Int, _ size: Int) -> Int { (bytes + size - 1) / size }
}

extension Configuration {
  fileprivate func number(_ key: SettingKey, or derived: Int) -> Int {
    self[key] == 0 ? derived : self[key]
  }
}
