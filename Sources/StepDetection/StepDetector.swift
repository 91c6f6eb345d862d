/// Counts steps from acceleration alone, sample by sample, in constant memory and with the past
/// only; what it says of a sample is never taken back.
public struct StepDetector: Sendable, BitwiseCopyable {
  private var band = StepBand()
  private var peaks = PeakFollower()
  private var handling = Handling()
  private var onset = BoutStart()
  private var bout = Bout()
  /// Seconds since the last step or peak held, and since the filters were cleared; both stop
  /// growing, so that hours of samples lose no precision.
  private var pause: Float = 0
  private var age: Float = 0
  private var confidence: Float = 0
  /// Steps that are certain and not yet announced.
  private var owed: Int32 = 0
  private var owesEnd = false

  public init() {}

  /// Forgets everything.
  public mutating func reset() { self = StepDetector() }

  /// Forgets the signal, as after a gap; a step that is certain is still announced.
  public mutating func clearFilters() {
    let owed = owed
    let confidence = confidence
    self = StepDetector()
    self.owed = owed
    self.confidence = confidence
  }

  /// Feeds one sample.
  ///
  /// A component that is not finite and within ±2000, or an interval that is not above 0 and at
  /// most 2, leaves the state as it was and is answered with "no step".
  ///
  /// - Parameters:
  ///   - x: acceleration with gravity, as y and z in m/s².
  ///   - interval: seconds since the sample before.
  public mutating func feed(x: Float, y: Float, z: Float, interval: Float) -> StepDecision {
    guard abs(x) <= 2000, abs(y) <= 2000, abs(z) <= 2000, interval > 0, interval <= 2 else {
      return StepDecision()
    }
    let magnitude = (x * x + y * y + z * z).squareRoot()
    handling.observe(SIMD4(x, y, z, magnitude), interval: interval)
    let level = band.pass(magnitude - gravityAcceleration, interval: interval)
    pause = min(pause + interval, 60)
    age = min(age + interval, 60)
    if bout.isWalking && bout.isOver(after: pause) {
      bout.end()
      onset.clear()
    }
    let height = bout.isWalking ? bout.height(after: pause) : Self.restingHeight
    switch peaks.follow(level, height: height) {
    case .peak(let rise): if age >= Self.settling { take(rise) }
    case .valley: owesEnd = owesEnd || bout.isWalking
    case .none: break
    }
    return decide(level: level, height: height, magnitude: magnitude)
  }

  /// In m/s²: the least rise that can be part of a bout's start.
  private static var restingHeight: Float { 0.6 }
  /// In seconds: as long as the filters need to forget that they began with nothing.
  private static var settling: Float { 0.25 }

  private mutating func take(_ rise: Float) {
    guard bout.isWalking else { return hold(rise) }
    guard pause >= bout.deadTime else { return }
    confidence = bout.confidence(rise: rise, after: pause)
    bout.add(rise: rise, after: pause)
    owed += 1
    owesEnd = false
    pause = 0
  }

  private mutating func hold(_ rise: Float) {
    let caution = handling.caution
    let (steps, isHeld) = onset.add(rise: rise / caution, after: pause)
    if isHeld { pause = 0 }
    guard steps > 0 else { return }
    bout.begin(steps: steps, amplitude: rise, period: onset.period)
    confidence = bout.confidence(rise: rise / caution, after: onset.period)
    owed += steps
    owesEnd = false
  }

  private mutating func decide(level: Float, height: Float, magnitude: Float) -> StepDecision {
    var decision = StepDecision(magnitude: magnitude)
    if owed > 0 {
      owed -= 1
      decision.steps = 1
      decision.predictedClass = .start
      decision.confidence = confidence
      decision.startProbability = 0.5 + 0.5 * confidence
    } else if owesEnd {
      owesEnd = false
      decision.predictedClass = .end
      decision.endProbability = 0.5 + 0.5 * confidence
    } else {
      let share = 0.49 * peaks.progress(level: level, height: height)
      if peaks.isRising {
        decision.startProbability = share
      } else if bout.isWalking {
        decision.endProbability = share
      }
    }
    decision.noStepProbability = 1 - decision.startProbability - decision.endProbability
    return decision
  }
}

/// In m/s²: standard gravity (ISO 80000-3).
let gravityAcceleration: Float = 9.80665
