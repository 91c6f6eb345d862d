import Testing

@testable import Gateway

@Suite struct MessageRateTests {
  private func verdicts(
    _ limit: MessageRate.Limit, _ taken: [(at: UInt64, units: Int)]
  ) -> [MessageRate.Verdict] {
    var rate = MessageRate(limit, at: 0)
    return taken.map { rate.take($0.units, limit, at: $0.at) }
  }

  @Test func aBurstThenTheRate() {
    let limit = MessageRate.Limit(rate: 10, burst: 2, grace: 10_000)
    #expect(
      verdicts(limit, [(0, 1), (0, 1), (0, 1), (100, 1), (400, 1)])
        == [.within, .within, .over, .over, .within])
  }

  @Test func whoStaysInDebtForTheGraceIsOverForTooLong() {
    let limit = MessageRate.Limit(rate: 1, burst: 1, grace: 1_000)
    let found = verdicts(limit, (0..<15).map { (UInt64($0) * 100, 1) })
    #expect(found[0] == .within && found[1..<11].allSatisfy { $0 == .over })
    #expect(found[11] == .overForTooLong)
  }

  /// What costs more than the burst would never come through: it needs a full bucket.
  @Test func oneLargeMessageIsTakenFromAFullBucket() {
    let limit = MessageRate.Limit(rate: 1_000, burst: 1_000, grace: 10_000)
    #expect(
      verdicts(limit, [(0, 5_000), (10, 10), (2_500, 10)]) == [.within, .over, .within])
  }

  @Test func withoutGraceTheFirstInDebtIsStillOnlyRefused() {
    let limit = MessageRate.Limit(rate: 1, burst: 1, grace: 0)
    #expect(
      verdicts(limit, [(0, 1), (0, 1), (1, 1)]) == [.within, .over, .overForTooLong])
  }
}
