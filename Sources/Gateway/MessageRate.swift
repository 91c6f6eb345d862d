/// A token bucket that may run into debt: whoever stays in debt for too long is over its rate.
///
/// Times are the low 32 bits of milliseconds: what is compared lies far less than 49 days apart,
/// and a connection that was silent for longer only gets its burst a little later.
struct MessageRate {
  /// Thousandths of a message that may still come at once; negative in debt.
  private var level: Int32 = 0
  private var updated: UInt32 = 0
  private var inDebtSince: UInt32 = 0

  /// - Parameter limit: with a rate above 0.
  init(_ limit: Limit, at now: UInt64) {
    level = limit.burst
    updated = UInt32(truncatingIfNeeded: now)
  }

  /// What one connection may send.
  struct Limit {
    /// Messages a second, which is thousandths a millisecond; 0 is no limit.
    let rate: Int32
    /// Thousandths of a message.
    let burst: Int32
    /// Milliseconds.
    let grace: UInt64

    /// - Parameters:
    ///   - rate: messages a second, 0 to 1,000,000.
    ///   - burst: messages, 0 for a second's worth.
    ///   - grace: milliseconds.
    init(rate: Int, burst: Int, grace: UInt64) {
      self.rate = Int32(rate)
      self.burst = Int32((burst > 0 ? burst : rate) * 1000)
      self.grace = grace
    }
  }

  /// Counts one message; true when the connection has been over its rate for the grace period.
  mutating func passes(_ limit: Limit, at now: UInt64) -> Bool {
    let clock = UInt32(truncatingIfNeeded: now)
    let earned = Int64(clock &- updated) * Int64(limit.rate)
    updated = clock
    let wasInDebt = level < 0
    let filled = min(Int64(level) + earned, Int64(limit.burst))
    // A debt is a second's worth at most, so that it is paid back soon.
    level = Int32(max(filled - 1000, -1000 * Int64(limit.rate)))
    guard level < 0 else { return false }
    if !wasInDebt || filled >= 0 { inDebtSince = clock }
    return UInt64(clock &- inDebtSince) >= limit.grace
  }
}
