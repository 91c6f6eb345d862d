import Memory
import Testing

@testable import UserEvents

@Suite struct EventKindTests {
  @Test func everyKindHasATypeOfItsOwn() {
    for kind in EventKind.allCases {
      for other in EventKind.allCases where other != kind {
        let isSame = kind.type.bytes.equals(other.type.bytes)
        #expect(!isSame)
      }
    }
  }
}
