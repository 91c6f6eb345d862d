public import Memory

/// What the outside world has for the gateway.
public enum LinkEvent {
  /// A new connection in this place, watched for reading.
  case accepted(Int)
  case ready(Int, readable: Bool, writable: Bool)
  /// The connection is of no use any longer.
  case failed(Int)
  /// A connection was refused for want of a place or a descriptor.
  case refused
  /// SIGTERM or SIGINT: drain, and the second time end.
  case terminate
  /// SIGHUP: read anew what may change at run time.
  case reload
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

/// All that the gateway needs from the outside world: connections known by their place, clocks,
/// random bytes, a log. The board is one, a simulator in the tests another.
public protocol Transport: ~Copyable {
  associatedtype Failure: Error

  /// Milliseconds of a monotonic clock, as of the end of the last wait.
  var now: UInt64 { get }
  /// Milliseconds since 1970 UTC.
  var wallClock: UInt64 { get }

  /// Waits until there is an event or `now` would reach `deadline`.
  mutating func wait(until deadline: UInt64?) throws(Failure)
  /// What the last wait found, one by one.
  mutating func nextEvent() -> LinkEvent?

  mutating func watch(_ place: Int, readable: Bool, writable: Bool)
  mutating func receive(_ place: Int, into target: inout MutableRawSpan) -> Transfer
  mutating func send(_ place: Int, _ list: borrowing GatherList) -> Transfer
  /// Ends the sending direction.
  mutating func finish(_ place: Int)
  mutating func close(_ place: Int)
  /// Makes the memory of all places resident.
  mutating func touch()

  mutating func sixteenRandomBytes() -> InlineArray<16, UInt8>
  func sha1(_ bytes: RawSpan) -> InlineArray<20, UInt8>
  /// Writes one line, its end included.
  func log(_ line: RawSpan)
}
