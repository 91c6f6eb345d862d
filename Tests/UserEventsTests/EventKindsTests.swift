import Testing

@testable import UserEvents

@Suite struct EventKindsTests {
  @Test func aSetOfKinds() {
    var kinds = EventKinds()
    for kind in EventKind.allCases {
      #expect(!kinds.contains(kind))
      kinds.insert(kind)
      #expect(kinds.contains(kind))
    }
    #expect(kinds == .all)
    var some = EventKinds()
    some.insert(.analysis)
    kinds.subtract(some)
    #expect(!kinds.contains(.analysis) && kinds.contains(.upload))
    kinds.formUnion(some)
    #expect(kinds == .all)
  }
}
