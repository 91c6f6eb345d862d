import Delivery
import Memory
import WebSocket

// Where the families are joined: the one place that asks which traits are built in. A family that
// is left out is replaced by one that no connection reaches.
#if StepDetection
import StepSessions
typealias StepFamily = StepSessions
#else
typealias StepFamily = AbsentFamily
#endif

/// Which family a connection belongs to.
enum FamilyKind: UInt8 {
  case none, echo, steps
}

/// All families, and one switch a call.
struct Families: ~Copyable {
  private var echo: EchoFamily
  private var steps: StepFamily

  init(_ limits: Limits) {
    #if Echo
    echo = EchoFamily()
    #else
    echo = AbsentFamily()
    #endif
    #if StepDetection
    steps = StepSessions(
      connections: limits.places, sessions: limits.stepSessions,
      idleTimeout: limits.stepIdleTimeout)
    #else
    steps = AbsentFamily()
    #endif
  }

  static func isBuiltIn(_ kind: FamilyKind) -> Bool {
    switch kind {
    case .none: false
    case .echo: EchoFamily.isBuiltIn
    case .steps: StepFamily.isBuiltIn
    }
  }

  func hasRoom(_ kind: FamilyKind) -> Bool {
    switch kind {
    case .none: false
    case .echo: echo.hasRoom
    case .steps: steps.hasRoom
    }
  }

  func takesBinary(_ kind: FamilyKind) -> Bool {
    switch kind {
    case .none: false
    case .echo: echo.takesBinary
    case .steps: steps.takesBinary
    }
  }

  mutating func touch() {
    echo.touch()
    steps.touch()
  }

  mutating func opened(
    _ kind: FamilyKind, _ connection: Int, seed: InlineArray<16, UInt8>, at now: Moment,
    _ mailroom: inout Mailroom
  ) {
    switch kind {
    case .none: break
    case .echo: echo.opened(connection, seed: seed, at: now, &mailroom)
    case .steps: steps.opened(connection, seed: seed, at: now, &mailroom)
    }
  }

  mutating func received(
    _ kind: FamilyKind, _ opcode: Opcode, _ payload: RawSpan, from connection: Int,
    at now: Moment, _ mailroom: inout Mailroom
  ) -> FamilyStep {
    switch kind {
    case .none: .stay
    case .echo: echo.received(opcode, payload, from: connection, at: now, &mailroom)
    case .steps: steps.received(opcode, payload, from: connection, at: now, &mailroom)
    }
  }

  func deadline(_ kind: FamilyKind, of connection: Int) -> UInt64? {
    switch kind {
    case .none: nil
    case .echo: echo.deadline(of: connection)
    case .steps: steps.deadline(of: connection)
    }
  }

  mutating func expired(
    _ kind: FamilyKind, _ connection: Int, at now: Moment, _ mailroom: inout Mailroom
  ) -> FamilyStep {
    switch kind {
    case .none: .stay
    case .echo: echo.expired(connection, at: now, &mailroom)
    case .steps: steps.expired(connection, at: now, &mailroom)
    }
  }

  mutating func closed(_ kind: FamilyKind, _ connection: Int, _ mailroom: inout Mailroom) {
    switch kind {
    case .none: break
    case .echo: echo.closed(connection, &mailroom)
    case .steps: steps.closed(connection, &mailroom)
    }
  }
}
