import Memory

/// A token bucket that may run into debt: whoever stays in debt for too long is over its rate.
///
/// Times are the low 32 bits of milliseconds: what is compared lies far less than 49 days apart,
/// and a connection that was silent for longer only gets its burst a little later.
struct MessageRate: Zeroable {
  /// Thousandths of a unit, a message or a byte, that may still come at once; negative in debt.
  private var level: Int64 = 0
  private var updated: UInt32 = 0
  private var inDebtSince: UInt32 = 0

  /// - Parameter limit: with a rate above 0.
  init(_ limit: Limit, at now: UInt64) {
    level = limit.burst
    updated = UInt32(truncatingIfNeeded: now)
  }

  /// What one connection may send.
  struct Limit {
    /// Units a second, which is thousandths a millisecond; 0 is no limit.
    let rate: Int64
    /// Thousandths of a unit.
    let burst: Int64
    /// Milliseconds.
    let grace: UInt64

    /// - Parameters:
    ///   - rate: units a second.
    ///   - burst: units, 0 for a second's worth.
    ///   - grace: milliseconds.
    init(rate: Int, burst: Int, grace: UInt64) {
      self.rate = Int64(rate)
      self.burst = Int64(burst > 0 ? burst : rate) * 1000
      self.grace = grace
    }
  }

  enum Verdict { case within, over, overForTooLong }

  /// Counts some units.
  @_optimize(speed)
  mutating func take(_ units: Int, _ limit: Limit, at now: UInt64) -> Verdict {
    let clock = UInt32(truncatingIfNeeded: now)
    let earned = Int64(clock &- updated) * limit.rate
    updated = clock
    let wasInDebt = level < 0
    let filled = min(level + earned, limit.burst)
    // A debt is a second's worth at most, so that it is paid back soon.
    let cost = Int64(units) * 1000
    level = max(filled - cost, -1000 * limit.rate)
    guard level < 0 else { return .within }
    if !wasInDebt || filled >= 0 { inDebtSince = clock }
    if UInt64(clock &- inDebtSince) >= limit.grace, wasInDebt { return .overForTooLong }
    // What costs more than the whole burst needs a full bucket.
    return filled >= min(cost, limit.burst) ? .within : .over
  }
}
