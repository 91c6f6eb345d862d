/// What the detector says about one sample.
public struct StepDecision: Sendable, BitwiseCopyable {
  public enum Class: UInt8, Sendable, BitwiseCopyable {
    case none = 0
    /// This sample announces a step.
    case start = 1
    /// The step announced last is over: the valley after its peak is past.
    case end = 2
  }

  /// The steps this sample announces: 0 or 1, never more. Steps that become certain together
  /// come one a sample.
  public internal(set) var steps = 0
  /// How sure the step announced is, 0 to 1; 0 without one.
  public internal(set) var confidence: Float = 0
  /// With the two below a division of 1, the largest share being `predictedClass`'s. Between
  /// steps it grows with the rise towards the next peak, the end's with the climb out of the
  /// valley, both below one half.
  public internal(set) var startProbability: Float = 0
  public internal(set) var endProbability: Float = 0
  public internal(set) var noStepProbability: Float = 1
  public internal(set) var predictedClass = Class.none
  /// |a| in m/s².
  public internal(set) var movementMagnitude: Float = 0

  /// No step, on a sample of this magnitude.
  init(magnitude: Float = 0) { movementMagnitude = magnitude }

  public var isStepStart: Bool { steps > 0 }
  public var isStepEnd: Bool { predictedClass == .end }
}
