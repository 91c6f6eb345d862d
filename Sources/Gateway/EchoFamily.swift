#if Echo
import Delivery
import Memory
import WebSocket

/// Sends every message back as it was: for conformance suites and benchmarks.
struct EchoFamily: Family, ~Copyable {
  static var isBuiltIn: Bool { true }
  var hasRoom: Bool { true }
  var takesBinary: Bool { true }

  mutating func opened(
    _ connection: Int, seed: InlineArray<16, UInt8>, at now: Moment, _ mailroom: inout Mailroom
  ) {}

  mutating func received(
    _ opcode: Opcode, _ payload: RawSpan, from connection: Int, at now: Moment,
    _ mailroom: inout Mailroom
  ) -> FamilyStep {
    mailroom.send(opcode, payload, to: connection)
    return .stay
  }

  func deadline(of connection: Int) -> UInt64? { nil }

  mutating func expired(
    _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) -> FamilyStep { .stay }

  mutating func closed(_ connection: Int, _ mailroom: inout Mailroom) {}

  mutating func touch() {}
}
#else
import Delivery

typealias EchoFamily = AbsentFamily
#endif
