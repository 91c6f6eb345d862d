#if Echo
import Delivery
import Memory
import WebSocket

/// Every message goes back as it was, for conformance suites and benchmarks: the gateway does that
/// itself, and asks nothing.
struct EchoFamily: Family, ~Copyable {
  static var isBuiltIn: Bool { true }
  var takesBinary: Bool { true }
  var refusesExcess: Bool { false }
  static var onlyAnswers: Bool { true }

  mutating func opened(
    _ connection: Int, _ opening: Opening, at now: Moment, _ mailroom: inout Mailroom
  ) {}

  mutating func received(
    _ opcode: Opcode, _ payload: RawSpan, from connection: Int, at now: Moment,
    _ mailroom: inout Mailroom
  ) -> FamilyStep { .stay }

  /// It has no words for an error.
  mutating func refused(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {}

  mutating func closed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {}

  mutating func touch() {}
}
#else
import Delivery

typealias EchoFamily = AbsentFamily
#endif
