/// Notices peaks that follow each other faster than anybody runs: a shaken phone's, or a motor's.
struct Flutter: BitwiseCopyable {
  private var pause: Float = .infinity
  private var last: Float = 0
  private(set) var level: Int32 = 0

  /// Sprinters reach 5 steps a second; who counts steps runs at up to 3.5.
  private static var fastestInterval: Float { 0.245 }

  /// What ends a hope of walking, and what ends a walk: a strong step's echo is a peak as well.
  static var endsHope: Int32 { 2 }
  static var endsWalk: Int32 { 4 }

  mutating func pass(_ interval: Float) { pause = min(pause + interval, 60) }

  /// - Parameter rise: of any peak, a step's or not.
  mutating func add(rise: Float) {
    let isAlike = rise > 0.5 * last && rise < 2 * last
    level = pause < Self.fastestInterval && isAlike ? min(level + 1, 5) : max(level - 1, 0)
    pause = 0
    last = rise
  }
}
