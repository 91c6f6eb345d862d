import Testing

@testable import Memory

@Suite struct PermanentTests {
  private final class Witness {
    var isGone = false
  }

  private struct Guest: ~Copyable {
    let witness: Witness
    var number: Int
    deinit { witness.isGone = true }
  }

  @Test func theValueIsReadAndChangedInPlace() {
    var guest = Permanent(Guest(witness: Witness(), number: 1))
    guest.value.number += 41
    let number = guest.value.number
    #expect(number == 42)
  }

  @Test func theValueStaysWhenNobodyHoldsIt() {
    let witness = Witness()
    do { _ = Permanent(Guest(witness: witness, number: 1)) }
    #expect(!witness.isGone)
  }
}
