public import Memory
public import WebSocket

/// One reading of both clocks, taken once a turn.
public struct Moment {
  /// Milliseconds of the monotonic clock: every deadline is one of these.
  public var monotonic: UInt64
  /// Milliseconds since 1970 UTC, for what clients read.
  public var wall: UInt64

  public init(monotonic: UInt64, wall: UInt64) {
    self.monotonic = monotonic
    self.wall = wall
  }
}

/// What a connection is opened with; who opens it, the mailroom's users tell.
public struct Opening {
  /// 16 random bytes of the connection's own.
  public let seed: InlineArray<16, UInt8>
  /// The room or user that the path names; empty when it names none.
  public let subject: ShortText
  /// The last id that the client has seen, when it gave one.
  public let since: UInt64?
  /// Milliseconds since 1970 UTC that no other connection has.
  public let stamp: UInt64
  /// Whether its token makes it a proctor.
  public let isProctor: Bool

  public init(
    seed: InlineArray<16, UInt8>, subject: ShortText = ShortText(), since: UInt64? = nil,
    stamp: UInt64 = 0, isProctor: Bool = false
  ) {
    self.seed = seed
    self.subject = subject
    self.since = since
    self.stamp = stamp
    self.isProctor = isProctor
  }
}

/// What the gateway does after a family has handled something.
public enum FamilyStep: Equatable {
  case stay
  /// Send what is queued, then this code, and close.
  case close(CloseCode)
}

/// A state machine behind some paths: messages in, deliveries into the mailroom, no socket known.
///
/// The gateway calls `opened` first and `closed` last for a connection, each once.
public protocol Family: ~Copyable {
  /// Whether the trait is built in: if not, its paths are 404.
  static var isBuiltIn: Bool { get }
  /// Whether one more connection finds room.
  var hasRoom: Bool { get }
  /// Whether binary messages are taken; if not they are closed with 1003.
  var takesBinary: Bool { get }
  /// Whether a message that comes too fast is refused in words; if not it is handled, and who goes
  /// on too fast is closed all the same.
  var refusesExcess: Bool { get }

  /// Whether a message brings nothing but answers to its sender: they are gathered in the
  /// mailroom's cork.
  static var onlyAnswers: Bool { get }

  mutating func opened(
    _ connection: Int, _ opening: Opening, at now: Moment, _ mailroom: inout Mailroom)
  mutating func received(
    _ opcode: Opcode, _ payload: RawSpan, from connection: Int, at now: Moment,
    _ mailroom: inout Mailroom
  ) -> FamilyStep
  /// A message came too fast and is not handled: its sender is told.
  mutating func refused(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom)
  /// A connection that the family put among the mailroom's `waiting` has an empty outbox again.
  mutating func resumed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom)
  /// When `expired` is to be called, in milliseconds of the monotonic clock.
  func deadline(of connection: Int) -> UInt64?
  mutating func expired(
    _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) -> FamilyStep
  mutating func closed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom)

  /// When `woke` is to be called, in milliseconds of the monotonic clock.
  var wakeUp: UInt64? { get }
  /// The time has come, or passed.
  mutating func woke(at now: Moment, _ mailroom: inout Mailroom)

  /// Takes back a record that it put down before the process began: all of one kind after the
  /// other, in the order of their kinds and keys, before the first connection.
  ///
  /// - Returns: whether there was room for it, and sense in it; if not it is removed.
  mutating func restore(
    _ kind: RecordKind, key: UInt64, _ body: RawSpan, at now: Moment, _ mailroom: inout Mailroom
  ) -> Bool
  /// Puts its records down anew, as many as the journal has room for.
  ///
  /// - Parameter cursor: where to begin, 0 the first time.
  /// - Returns: where to go on, nil when that was all.
  mutating func rewrite(from cursor: Int, _ journal: inout Journal) -> Int?

  /// Makes all memory resident; only before the first connection.
  mutating func touch()
}

/// What most families need no word for.
extension Family where Self: ~Copyable {
  public var hasRoom: Bool { true }
  public var takesBinary: Bool { false }
  public var refusesExcess: Bool { true }
  public static var onlyAnswers: Bool { false }
  public mutating func resumed(
    _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) {}
  public func deadline(of connection: Int) -> UInt64? { nil }
  public mutating func expired(
    _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) -> FamilyStep { .stay }
  public var wakeUp: UInt64? { nil }
  public mutating func woke(at now: Moment, _ mailroom: inout Mailroom) {}
  public mutating func restore(
    _ kind: RecordKind, key: UInt64, _ body: RawSpan, at now: Moment, _ mailroom: inout Mailroom
  ) -> Bool { false }
  public mutating func rewrite(from cursor: Int, _ journal: inout Journal) -> Int? { nil }
}

/// Stands where the trait of a family is left out of the build; no connection ever reaches it.
public struct AbsentFamily: Family, ~Copyable {
  public init() {}
  public static var isBuiltIn: Bool { false }
  public var hasRoom: Bool { false }
  public mutating func opened(
    _ connection: Int, _ opening: Opening, at now: Moment, _ mailroom: inout Mailroom
  ) {}
  public mutating func received(
    _ opcode: Opcode, _ payload: RawSpan, from connection: Int, at now: Moment,
    _ mailroom: inout Mailroom
  ) -> FamilyStep { .close(.internalError) }
  public mutating func refused(
    _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) {}
  public mutating func closed(
    _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) {}
  public mutating func touch() {}
}
