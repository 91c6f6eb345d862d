#if Deflate
import Memory

/// Compresses what is sent: with a stream of the receiver's own, or with one of two that all others
/// share.
struct Deflaters: ~Copyable {
  /// With what messages to a connection are compressed.
  enum Sender: UInt8, Zeroable {
    case none, own
    /// Shared: the one that looks back as far as the limits say, and the one that does least.
    case wide, narrow
  }

  static let narrowBits = 9

  private let limits: DeflateLimits
  private var wide: Deflater?
  private var narrow: Deflater?
  private var own: FixedArray<Deflater?>
  private var senders: FixedArray<Sender>
  /// What was compressed last.
  private(set) var compressed: ByteWriter

  init(_ limits: DeflateLimits, connections: Int, messageSize: Int) {
    self.limits = limits
    wide = nil
    narrow = nil
    own = FixedArray(count: connections) { _ in nil }
    senders = FixedArray(zeroed: connections)
    compressed = ByteWriter(capacity: messageSize)
  }

  /// Makes the shared streams.
  mutating func begin(in memory: inout DeflateMemory) {
    wide = memory.makeDeflater(windowBits: limits.windowBits, level: limits.level)
    narrow = memory.makeDeflater(windowBits: Deflaters.narrowBits, level: limits.level)
  }

  static var bytesPerConnection: Int {
    MemoryLayout<Deflater?>.stride + MemoryLayout<Sender>.stride
  }

  mutating func touch() { compressed.touch() }

  /// Whether there is anything to compress with.
  var areReady: Bool {
    mutating get { wide != nil && narrow != nil }
  }

  mutating func sender(of connection: Int) -> Sender { senders[connection] }

  /// Compresses for a connection from now on.
  ///
  /// - Parameters:
  ///   - remembers: whether it may have a stream of its own.
  ///   - windowBits: how far back it takes at most.
  /// - Returns: how far back it is, and whether it got one.
  mutating func open(
    _ connection: Int, remembers: Bool, windowBits: Int, in memory: inout DeflateMemory
  ) -> (windowBits: Int, remembers: Bool) {
    let bits = min(windowBits, limits.windowBits)
    if remembers {
      own[connection] = memory.makeDeflater(windowBits: bits, level: limits.level)
    }
    if own[connection] != nil {
      senders[connection] = .own
      return (bits, true)
    }
    senders[connection] = bits == limits.windowBits ? .wide : .narrow
    return (bits == limits.windowBits ? bits : Deflaters.narrowBits, false)
  }

  mutating func close(_ connection: Int) {
    senders[connection] = .none
    if let deflater = own[connection].take() { deflater.end() }
  }

  /// Compresses a message into `compressed`. False when it does not get smaller: it is sent as it
  /// is, and nothing refers to it (RFC 7692, section 6).
  mutating func compress(_ message: RawSpan, for connection: Int) -> Bool {
    compressed.removeAll()
    guard message.byteCount >= max(1, limits.minimum) else { return false }
    let limit = message.byteCount - 1
    switch senders[connection] {
    case .none: return false
    case .own:
      return own[connection]?.deflate(message, into: &compressed, limit: limit) ?? false
    case .wide:
      wide?.reset()
      return wide?.deflate(message, into: &compressed, limit: limit) ?? false
    case .narrow:
      narrow?.reset()
      return narrow?.deflate(message, into: &compressed, limit: limit) ?? false
    }
  }

  /// What was compressed last for a connection is not sent: the next one must not refer to it.
  mutating func forget(_ connection: Int) { own[connection]?.reset() }
}
#endif
