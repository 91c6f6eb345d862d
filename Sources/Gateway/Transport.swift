public import Memory
public import Tokens

/// What the outside world has for the gateway.
public enum LinkEvent {
  /// A new connection in this place, watched for reading.
  case accepted(Int)
  case ready(Int, readable: Bool, writable: Bool)
  /// The connection is of no use any longer.
  case failed(Int)
  /// A connection was refused before anything was read of it.
  case refused(Shortage)
  /// SIGTERM or SIGINT: drain, and the second time end.
  case terminate
  /// SIGHUP: read anew what may change at run time.
  case reload
  /// The batch that was given to `store` is on disk, or is lost: `takeStoreFailure` says why.
  case stored
}

/// What was missing when a connection was refused.
public enum Shortage: UInt8, CaseIterable, Sendable {
  case places, descriptors, secureSessions, system
}

/// How a transfer of bytes ended.
public enum Transfer: Equatable {
  /// How many bytes went; at least 1.
  case bytes(Int)
  case wouldBlock
  /// The peer sends no more.
  case ended
  case failed
}

/// What was read anew.
public struct Reloaded: ~Copyable {
  public var keys: KeySet
  public var logLevel: LogLevel

  public init(keys: consuming KeySet, logLevel: LogLevel) {
    self.keys = keys
    self.logLevel = logLevel
  }
}

/// Why nothing was read anew: a line that names the setting and what is wrong.
public struct ReloadError: Error {
  public let reason: [UInt8]
  public init(_ reason: [UInt8]) { self.reason = reason }
}

/// Why a batch is not on disk, in words; nothing of its transaction is.
public struct StoreFailure: Error {
  public let reason: [UInt8]
  public init(_ reason: [UInt8]) { self.reason = reason }
}

/// How a wait for the disk ended.
public enum StoreAnswer {
  case done
  case failed(StoreFailure)
  /// It has not answered.
  case busy
}

/// What the disk has to bear.
public struct StoreFigures {
  /// Bytes that were written, and syncs, since the start.
  public var bytesWritten: UInt64 = 0
  public var syncs: UInt64 = 0
  /// Bytes of the file.
  public var size: UInt64 = 0
  /// Files that were set aside at the start, because they were damaged.
  public var damagedFiles: UInt64 = 0

  public init(
    bytesWritten: UInt64 = 0, syncs: UInt64 = 0, size: UInt64 = 0, damagedFiles: UInt64 = 0
  ) {
    self.bytesWritten = bytesWritten
    self.syncs = syncs
    self.size = size
    self.damagedFiles = damagedFiles
  }
}

/// Why a TLS handshake came to nothing.
public enum HandshakeFault: UInt8, CaseIterable, Sendable {
  case left, notTLS, nothingShared, refused, clientCertificate, stalled, other

  /// The value of the label `reason`.
  var name: StaticString {
    switch self {
    case .left: "left"
    case .notTLS: "not_tls"
    case .nothingShared: "nothing_shared"
    case .refused: "refused_by_client"
    case .clientCertificate: "client_certificate"
    case .stalled: "stalled"
    case .other: "other"
    }
  }
}

/// What TLS has done.
public struct SecureFigures {
  /// Connections past their handshake, now.
  public var connections = 0
  /// Since the start.
  public var handshakes: UInt64 = 0
  public var resumed: UInt64 = 0
  /// By the raw value of `HandshakeFault`.
  public var failures = InlineArray<7, UInt64>(repeating: 0)
  /// When the certificate ends, Unix seconds; nil without TLS.
  public var expiry: Int64?

  public init() {}
}

/// All that the gateway needs from the outside world: connections known by their place, clocks,
/// random bytes, a log. The board is one, a simulator in the tests another.
public protocol Transport: ~Copyable {
  associatedtype Failure: Error

  /// Milliseconds of a monotonic clock, as of the end of the last wait.
  var now: UInt64 { get }
  /// Milliseconds since 1970 UTC.
  var wallClock: UInt64 { get }
  /// Microseconds of a monotonic clock, now.
  var microseconds: UInt64 { get }
  /// Whether the system says that its wall clock is right.
  var isClockSynchronized: Bool { get }

  /// Waits until there is an event or `now` would reach `deadline`.
  mutating func wait(until deadline: UInt64?) throws(Failure)
  /// What the last wait found, one by one.
  mutating func nextEvent() -> LinkEvent?

  mutating func watch(_ place: Int, readable: Bool, writable: Bool)
  mutating func receive(_ place: Int, into target: inout MutableRawSpan) -> Transfer
  /// Sends what is not empty, as far as the network takes it.
  mutating func send(_ place: Int, _ bytes: RawSpan) -> Transfer
  mutating func send(_ place: Int, _ list: borrowing GatherList) -> Transfer
  /// Who is at the other end: an IPv4 address, or the first 64 bits of an IPv6 one.
  func address(_ place: Int) -> UInt64
  /// Whether the connection is encrypted here, and not by a proxy in front.
  func isSecure(_ place: Int) -> Bool
  /// Ends the sending direction.
  mutating func finish(_ place: Int)
  mutating func close(_ place: Int)
  /// Makes the memory of all places resident.
  mutating func touch()

  mutating func sixteenRandomBytes() -> InlineArray<16, UInt8>
  func sha1(_ bytes: RawSpan) -> InlineArray<20, UInt8>
  /// Whether key number `key` made the signature of `signed`.
  func verifies(
    _ signature: RawSpan, of signed: RawSpan, by algorithm: Algorithm, key: Int
  ) -> Bool
  /// Reads anew what may change at run time. When that fails the old keys stay in force.
  mutating func reload() throws(ReloadError) -> Reloaded
  /// Sends a batch of the journal on its way to the disk; one at a time.
  mutating func store(_ batch: RawSpan)
  /// Why the batch of the last event `stored` is not on disk; nil when it is.
  mutating func takeStoreFailure() -> StoreFailure?
  /// Waits for the batch that is on its way, so many milliseconds at most: at the start and at the
  /// end only.
  mutating func waitForStore(for time: UInt64) -> StoreAnswer
  /// As of the last batch that was done.
  var storeFigures: StoreFigures { get }
  var secureFigures: SecureFigures { get }
  /// Writes one line, its end included.
  func log(_ line: RawSpan)
}
