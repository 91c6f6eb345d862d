/// Finds out from |a| alone whether samples are in m/s², in g, or lack gravity.
public struct UnitsGuess: Sendable, BitwiseCopyable {
  public enum Units: UInt8, Sendable, BitwiseCopyable {
    case metersPerSecondSquared, standardGravity
  }

  /// What the guess has come to.
  public enum Verdict: UInt8, Sendable, BitwiseCopyable {
    /// Not a second of samples yet; `scale` is what it looks like so far.
    case open
    case metersPerSecondSquared
    case standardGravity
    /// Gravity was taken out, or the sensor is off: steps cannot be counted from this.
    case noGravity
  }

  public private(set) var verdict = Verdict.open
  private var isSaid = false
  private var isReported = false
  private var sum: Float = 0
  private var time: Float = 0
  /// What takes a sample to m/s².
  public private(set) var scale: Float = 1

  private static var window: Float { 1 }
  /// Over a second nobody feels less than this in m/s², nor more in g.
  private static var limit: Float { 4 }

  public init() {}

  /// The units as the client said them: nothing is guessed any more.
  public mutating func say(_ units: Units) {
    self = UnitsGuess()
    isSaid = true
    switch units {
    case .metersPerSecondSquared: verdict = .metersPerSecondSquared
    case .standardGravity: conclude(.standardGravity)
    }
  }

  /// - Parameters:
  ///   - magnitude: |a| in the client's units.
  ///   - interval: seconds since the sample before.
  /// - Returns: whether the scale changed, so that what was filtered before is of no use.
  public mutating func observe(_ magnitude: Float, interval: Float) -> Bool {
    if isSaid || verdict == .metersPerSecondSquared { return false }
    sum += magnitude * interval
    time += interval
    let before = scale
    let mean = sum / time
    if time >= Self.window {
      judge(mean)
      sum = 0
      time = 0
    } else if verdict == .open {
      scale = mean < Self.limit && mean >= 0.7 ? gravityAcceleration : 1
    }
    return scale != before
  }

  /// True once, when it turns out that gravity is missing.
  public mutating func takeReport() -> Bool {
    guard verdict == .noGravity, !isReported else { return false }
    isReported = true
    return true
  }

  private mutating func judge(_ mean: Float) {
    if mean >= Self.limit {
      conclude(.metersPerSecondSquared)
    } else if verdict == .open && mean >= 0.7 && mean <= 1.4 {
      conclude(.standardGravity)
    } else if mean < 0.7 || verdict == .open {
      conclude(.noGravity)
    }
  }

  private mutating func conclude(_ verdict: Verdict) {
    self.verdict = verdict
    scale = verdict == .standardGravity ? gravityAcceleration : 1
  }
}
