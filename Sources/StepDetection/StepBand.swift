/// What of the acceleration's magnitude moves at the pace of steps: 0.95 to 2.9 Hz.
///
/// Gravity and slow turns lie below; heel strike, its echoes and vibration lie above. Running is
/// faster than 2.9 steps a second but so much stronger that what the filter leaves is plenty.
struct StepBand: BitwiseCopyable {
  private var low = StateVariableFilter()
  private var high = StateVariableFilter()
  private var interval: Float = 0

  private static var lowest: Float { 0.95 }
  private static var highest: Float { 2.9 }

  /// - Parameters:
  ///   - magnitude: in m/s² above gravity.
  ///   - interval: seconds since the sample before.
  mutating func pass(_ magnitude: Float, interval: Float) -> Float {
    tune(interval)
    return high.highPass(low.lowPass(magnitude))
  }

  /// A clock's jitter of a few per cent moves nothing that counts, and a division costs more
  /// than the filter.
  @inline(__always)
  private mutating func tune(_ interval: Float) {
    guard abs(interval - self.interval) > 0.02 * self.interval else { return }
    self.interval = interval
    // Beyond 1/12 s (a lost sample) the filter is not faster than the slowest rate allows.
    let bounded = min(interval, SampleRate.longestInterval)
    low.tune(cutoff: Self.highest, interval: bounded)
    high.tune(cutoff: Self.lowest, interval: bounded)
  }
}
