/// The steps of a sensor's own timestamps, for as long as these make sense.
struct StampedTime: Sendable, BitwiseCopyable {
  enum Step {
    case first
    case forward(Float)
    /// Two stamps so close that no sensor made them.
    case still
    case broken
  }

  private var last = Double.nan
  /// A running mean of the steps, in seconds.
  private(set) var interval: Float = 0
  /// Grows by 2 with a stamp that makes no sense, falls by 1 with one that does: a client that
  /// stamps whole bursts alike, or in a unit nobody can guess, is found out in a second.
  private var doubts: UInt8 = 0

  private static var mostDoubts: UInt8 { 16 }

  var areTrusted: Bool { doubts < Self.mostDoubts }
  var areKnown: Bool { areTrusted && interval > 0 }

  mutating func step(to timestamp: Double) -> Step {
    let time = timestamp * Self.unit(of: timestamp)
    let step = time - last
    last = time
    guard step.isFinite else { return .first }
    guard step >= 0, step <= SampleClock.longestGap else {
      doubts += 2
      return .broken
    }
    guard step > 0.5 / SampleRate.fastest else {
      doubts += 2
      return .still
    }
    doubts -= doubts > 0 ? 1 : 0
    learn(Float(step))
    return .forward(Float(step))
  }

  /// A lost sample's gap is no interval.
  private mutating func learn(_ step: Float) {
    let bounded = min(max(step, 1 / Float(SampleRate.fastest)), SampleRate.longestInterval)
    if interval == 0 {
      interval = bounded
    } else {
      interval += 0.05 * (min(bounded, 1.5 * interval) - interval)
    }
  }

  /// Seconds since 1970 stay below 10¹¹ for three thousand years.
  private static func unit(of timestamp: Double) -> Double {
    switch timestamp {
    case ..<1e11: 1
    case ..<1e14: 1e-3
    case ..<1e17: 1e-6
    default: 1e-9
    }
  }
}
