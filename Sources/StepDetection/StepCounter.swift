/// A session's counting: puts samples on a clock, brings them to m/s², and keeps the totals.
public struct StepCounter: Sendable, BitwiseCopyable {
  private var detector = StepDetector()
  public private(set) var clock = SampleClock()
  public private(set) var units = UnitsGuess()
  /// Steps announced since the start or the last reset.
  public private(set) var steps: Int = 0
  /// Samples answered since the start or the last reset; a sensor may go on for months, beyond the
  /// `Int` of a 32-bit board.
  public private(set) var predictions: Int64 = 0

  public init() {}

  /// - Parameter rate: in Hz, 12 to 400; nil goes back to inferring it.
  /// - Returns: false, and nothing changed, when the rate is not usable.
  public mutating func configure(rate: Double?) -> Bool { clock.configure(rate: rate) }

  public mutating func configure(units: UnitsGuess.Units) { self.units.say(units) }

  /// Counts from 0 again; what is known of rate and units stays.
  public mutating func reset() {
    detector.reset()
    steps = 0
    predictions = 0
  }

  /// Tells that a message came; its samples are fed next. Those of a batch that says its rate and
  /// its first sample's time have timestamps: t0 + index / rate.
  ///
  /// - Parameters:
  ///   - samples: how many it holds.
  ///   - arrival: monotonic seconds.
  public mutating func receive(samples: Int, at arrival: Double) {
    clock.receive(samples: samples, at: arrival)
  }

  /// Feeds one sample.
  ///
  /// - Parameters:
  ///   - x: acceleration with gravity, as y and z in the session's units.
  ///   - timestamp: the sensor's clock in seconds, if it has one.
  public mutating func feed(x: Float, y: Float, z: Float, timestamp: Double? = nil) -> StepDecision
  {
    let tick = clock.next(timestamp: timestamp)
    if tick.isBreak { detector.clearFilters() }
    let magnitude = (x * x + y * y + z * z).squareRoot()
    guard magnitude.isFinite else { return StepDecision() }
    if units.observe(magnitude, interval: tick.interval) { detector.clearFilters() }
    let scale = units.scale
    predictions += 1
    guard units.verdict != .noGravity else { return StepDecision(magnitude: magnitude) }
    let decision = detector.feed(
      x: scale * x, y: scale * y, z: scale * z, interval: tick.interval)
    steps += decision.steps
    return decision
  }

  /// True once, when it turns out that the samples lack gravity and cannot be counted.
  public mutating func takeGravityReport() -> Bool { units.takeReport() }
}
