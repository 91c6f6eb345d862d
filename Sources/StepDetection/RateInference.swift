/// A sample rate from how many samples arrived in how long, over 5 seconds at least.
struct RateInference: Sendable, BitwiseCopyable {
  /// In Hz; 0 until 5 seconds of samples came.
  private(set) var rate: Float = 0
  /// A rate far from the one in force that the last window showed, waiting for a second one.
  private var rival: Float = 0
  private var count: Int32 = -1
  private var start: Double = 0

  private static var window: Double { 5 }

  /// - Parameters:
  ///   - samples: that arrived together.
  ///   - arrival: in seconds.
  ///   - isBreak: nothing is to be learned from the time before this arrival.
  mutating func receive(samples: Int, at arrival: Double, isBreak: Bool) {
    // What the first message holds was recorded before the window began.
    if count < 0 || isBreak {
      restart(at: arrival)
      return
    }
    count = count &+ Int32(clamping: samples)
    let elapsed = arrival - start
    guard elapsed >= Self.window else { return }
    judge(Double(count) / elapsed)
    restart(at: arrival)
  }

  private mutating func restart(at arrival: Double) {
    start = arrival
    count = 0
  }

  /// A backlog that arrives at once after a stall looks like a faster sensor for one window, so
  /// a rate that changes by a quarter has to be seen twice.
  private mutating func judge(_ measured: Double) {
    guard SampleRate.isUsable(measured) else { return }
    let new = Float(measured)
    if rate == 0 {
      rate = new
    } else if isNear(new, rate) {
      rate += 0.25 * (new - rate)
    } else if rival > 0 && isNear(new, rival) {
      rate = new
    }
    rival = isNear(new, rate) ? 0 : new
  }

  private func isNear(_ a: Float, _ b: Float) -> Bool { a > 0.8 * b && a < 1.25 * b }
}
