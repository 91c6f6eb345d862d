import Testing

@testable import Gateway

@Suite struct ConnectRateTests {
  @Test func aBurstIsTakenThenTheRate() {
    var rate = ConnectRate(rate: 2, burst: 3, seed: 1)
    let first = (0..<4).map { _ in rate.allows(7, at: 1_000) }
    #expect(first == [true, true, true, false])
    // A refused one costs nothing: half a second later there is one more.
    let later = [1_499, 1_500, 1_501, 2_000].map { rate.allows(7, at: $0) }
    #expect(later == [false, true, false, true])
  }

  @Test func oneAddressIsNotAnothers() {
    var rate = ConnectRate(rate: 1, burst: 1, seed: 1)
    let answers = [(1, true), (1, false), (2, true), (2, false)] as [(UInt64, Bool)]
    for (address, isAllowed) in answers {
      let answer = rate.allows(address, at: 5)
      #expect(answer == isAllowed)
    }
  }

  @Test func withoutARateEveryoneMayCome() {
    var rate = ConnectRate(rate: 0, burst: 0, seed: 1)
    for _ in 0..<10_000 {
      let isAllowed = rate.allows(7, at: 5)
      #expect(isAllowed)
    }
  }

  /// The table is bounded: who came longest ago is forgotten first.
  @Test func aFullTableForgetsTheOldest() {
    var rate = ConnectRate(rate: 1, burst: 1, seed: 1)
    let capacity = UInt64(ConnectRate.capacity)
    for address in 0..<capacity { _ = rate.allows(address, at: 5) }
    // The second is now the oldest.
    let first = rate.allows(0, at: 5)
    let newcomer = rate.allows(capacity, at: 5)
    let (forgotten, known) = (rate.allows(1, at: 5), rate.allows(capacity, at: 5))
    #expect(!first && newcomer && forgotten && !known)
  }

  @Test func theClockOf32BitsMayWrap() {
    var rate = ConnectRate(rate: 1, burst: 1, seed: 1)
    let wrap = UInt64(UInt32.max)
    let answers = [wrap - 10, wrap + 10, wrap + 2_000].map { rate.allows(7, at: $0) }
    #expect(answers == [true, false, true])
  }
}
