/// Says how much time lies between samples, from the best source at hand: the sensor's own
/// timestamps, a configured rate, or a rate inferred from many arrivals.
///
/// A single gap between arrivals is never taken for an interval: networks deliver in bursts.
public struct SampleClock: Sendable, BitwiseCopyable {
  /// Where the rate comes from.
  public enum Source: UInt8, Sendable, BitwiseCopyable {
    case assumed, inferred, configured, timestamp
  }

  /// What the clock says about one sample.
  public struct Tick: Sendable, BitwiseCopyable {
    /// Seconds since the sample before, above 0 and at most 2.
    public let interval: Float
    /// The time went back or jumped by more than 2 s: what was filtered before is of no use.
    public let isBreak: Bool
  }

  private var arrivals = RateInference()
  private var stamps = StampedTime()
  private var arrival = Double.nan
  private var configured: Float = 0
  private var hasBreak = false
  public private(set) var source = Source.assumed

  public init() {}

  /// In Hz, 12 to 400.
  public var rate: Double { Double(1 / interval) }

  /// The usual seconds between two samples.
  private var interval: Float {
    if source == .timestamp { return stamps.interval }
    if configured > 0 { return 1 / configured }
    return arrivals.rate > 0 ? 1 / arrivals.rate : 1 / Float(SampleRate.assumed)
  }

  /// - Parameter rate: in Hz; nil takes the setting back.
  /// - Returns: false, and nothing changed, when the rate is not usable.
  public mutating func configure(rate: Double?) -> Bool {
    if let rate, !SampleRate.isUsable(rate) { return false }
    configured = Float(rate ?? 0)
    settle()
    return true
  }

  /// Tells that a message came.
  ///
  /// - Parameters:
  ///   - samples: how many it holds.
  ///   - arrival: monotonic seconds.
  public mutating func receive(samples: Int, at arrival: Double) {
    // An arrival before the last one is the caller's rounding, not the sensor's time.
    let gap = max(0, arrival - self.arrival)
    let isBreak = gap > Self.longestGap
    if isBreak { hasBreak = true }
    arrivals.receive(samples: samples, at: arrival, isBreak: isBreak)
    self.arrival = arrival
    settle()
  }

  /// The next sample's time.
  ///
  /// - Parameter timestamp: the sensor's own clock, in seconds; milliseconds, microseconds and
  ///   nanoseconds since 1970 are known by their size.
  public mutating func next(timestamp: Double? = nil) -> Tick {
    guard let timestamp, timestamp.isFinite, stamps.areTrusted else {
      return tick(interval, isBreak: hasBreak)
    }
    let step = stamps.step(to: timestamp)
    settle()
    switch step {
    case .first, .still:
      return tick(interval, isBreak: hasBreak)
    case .forward(let seconds):
      // The sensor went on, whatever the network did.
      return tick(seconds, isBreak: false)
    case .broken:
      return tick(interval, isBreak: true)
    }
  }

  static var longestGap: Double { 2 }

  private mutating func tick(_ interval: Float, isBreak: Bool) -> Tick {
    hasBreak = false
    return Tick(interval: interval, isBreak: isBreak)
  }

  private mutating func settle() {
    if stamps.areKnown {
      source = .timestamp
    } else if configured > 0 {
      source = .configured
    } else {
      source = arrivals.rate > 0 ? .inferred : .assumed
    }
  }
}
