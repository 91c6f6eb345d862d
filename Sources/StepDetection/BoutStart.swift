/// Decides from peaks while nobody walks whether somebody has begun to.
///
/// Three ways lead to a start, each asking for less height and more rhythm: two strong peaks at
/// a walking interval, three in rhythm, or six, which a slow or frail gait also has.
struct BoutStart: BitwiseCopyable {
  private var count: Int32 = 0
  private var last: Float = 0
  private var beforeLast: Float = 0
  private var weakest: Float = 0
  private var strongest: Float = 0
  /// Seconds between the peaks held.
  private(set) var period: Float = 0

  private static var shortestInterval: Float { 0.25 }
  private static var longestInterval: Float { 1.45 }
  private static var unevenness: Float { 1.2 }
  private static var rhythm: Int32 { 6 }

  mutating func clear() { count = 0 }

  /// - Parameters:
  ///   - rise: the peak's height in m/s², already divided by the caution due.
  ///   - interval: seconds since the peak held last.
  /// - Returns: the steps that are now certain, this one included, or 0; `isHeld` is false when
  ///   the peak was an echo of the one before.
  mutating func add(rise: Float, after interval: Float) -> (steps: Int32, isHeld: Bool) {
    if count == 0 || interval > Self.longestInterval {
      self = BoutStart()
      count = 1
      last = rise
      return (0, true)
    }
    if interval < Self.shortestInterval {
      guard rise > last else { return (0, false) }
      last = rise
      return (0, true)
    }
    lengthen(rise, interval)
    let steps = certainSteps(rise, interval)
    if steps == 0 && count == Self.rhythm { forgetAllButLast(rise) }
    beforeLast = last
    last = rise
    if steps > 0 { count = 0 }
    return (steps, true)
  }

  private mutating func lengthen(_ rise: Float, _ interval: Float) {
    let isEven = interval * Self.unevenness > period && interval < period * Self.unevenness
    if count >= 2 && isEven {
      count += 1
      weakest = min(weakest, rise)
      strongest = max(strongest, rise)
      period += 0.5 * (interval - period)
    } else {
      forgetAllButLast(rise)
      beforeLast = 0
      period = interval
    }
  }

  private mutating func forgetAllButLast(_ rise: Float) {
    count = 2
    weakest = min(last, rise)
    strongest = max(last, rise)
  }

  /// Heights in m/s². A pair is the common start and has to be heard at once, so it is not asked
  /// for rhythm; a weak peak may lead it, since a first step is half a step.
  private func certainSteps(_ rise: Float, _ interval: Float) -> Int32 {
    if interval >= 0.26, interval <= 0.85, rise >= 1.7, rise + last >= 3.2 { return 2 }
    let three = rise + last + beforeLast
    if count >= 3, three >= 5, min(rise, last, beforeLast) >= 1.2 { return 3 }
    if count >= Self.rhythm, weakest >= 0.4, strongest <= 2.2 * weakest { return count }
    return 0
  }
}
