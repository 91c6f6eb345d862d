/// Some kinds of event, as a set.
struct EventKinds: Equatable {
  private var bits: UInt8 = 0

  static var all: EventKinds {
    var kinds = EventKinds()
    for kind in EventKind.allCases { kinds.insert(kind) }
    return kinds
  }

  func contains(_ kind: EventKind) -> Bool { bits & 1 << kind.rawValue != 0 }
  mutating func insert(_ kind: EventKind) { bits |= 1 << kind.rawValue }
  mutating func formUnion(_ other: EventKinds) { bits |= other.bits }
  mutating func subtract(_ other: EventKinds) { bits &= ~other.bits }
}
