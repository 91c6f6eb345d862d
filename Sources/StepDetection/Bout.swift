/// What is known of the walking under way: how strong its steps are and how fast they follow.
struct Bout: BitwiseCopyable {
  /// 0 while nobody walks; stops growing at 1000.
  private(set) var steps: Int32 = 0
  private(set) var amplitude: Float = 0
  /// How many steps in rhythm stand behind this bout; at most 8.
  private var trust: Int32 = 0
  private(set) var period: Float = 0.55

  private static var leastHeight: Float { 0.6 }
  private static var leastDueHeight: Float { 0.5 }
  /// Until four steps in rhythm a bout may be a false start, so its peaks have to be clear ones.
  private static var leastYoungHeight: Float { 1.7 }
  /// Below this amplitude, in m/s², a vehicle's bounce looks like a step; its rhythm does not.
  private static var strong: Float { 2 }
  private static var heightOfAmplitude: Float { 0.33 }
  private static var leastInterval: Float { 0.2 }

  var isWalking: Bool { steps > 0 }
  private var isYoung: Bool { trust < 4 }

  /// Whether too many weak steps came out of rhythm for this to be walking.
  var isLost: Bool { trust < 0 }

  mutating func begin(steps: Int32, amplitude: Float, period: Float) {
    self.steps = steps
    trust = steps
    self.amplitude = amplitude
    self.period = min(max(period, 0.28), steps == 2 ? 0.8 : 1.3)
  }

  mutating func end() { self = Bout() }

  /// Whether a pause of so many seconds ends the bout.
  func isOver(after pause: Float) -> Bool { pause > (isYoung ? 1.4 : 2.2) }

  /// The time after a step in which another one cannot be: half a period and a little, and no
  /// more than 0.4 s, so that a period taken for twice its length is unlearned.
  var deadTime: Float { max(Self.leastInterval, min(0.52 * period, 0.4)) }

  /// The height in m/s² that a peak needs `pause` seconds after the last step: twice as much in
  /// the dead time, so that an echo cannot spoil the rise of the step that follows, and less
  /// about the time when a step is due.
  func height(after pause: Float) -> Float {
    let least = isYoung ? Self.leastYoungHeight : Self.leastHeight
    let height = max(least, Self.heightOfAmplitude * amplitude)
    if pause < deadTime { return 2.2 * height }
    let isDue = pause > 0.8 * period && pause < 1.3 * period
    return isDue ? max(Self.leastDueHeight, 0.7 * height) : height
  }

  mutating func add(rise: Float, after pause: Float) {
    steps = min(steps + 1, 1000)
    amplitude += 0.1 * (rise - amplitude)
    if isAlike(pause, period, within: 1.3) && isAlike(rise, amplitude, within: 2) {
      trust = min(trust + 1, 8)
    } else if amplitude < Self.strong {
      trust -= 1
    }
    if pause < 1.4 { period += 0.2 * (min(pause, 1.5 * period) - period) }
  }

  /// How sure a peak is a step: 0 to 1, fitted to labelled walking as odds that are a product, so
  /// that it needs no logarithm.
  func confidence(rise: Float, after pause: Float) -> Float {
    let strength = 0.5 * rise
    let pace = min(pause, period) / max(pause, period)
    let odds = 3.6 * strength * strength * strength * pace * pace * Float(min(steps, 8))
    return odds / (1 + odds)
  }
}

private func isAlike(_ a: Float, _ b: Float, within factor: Float) -> Bool {
  a < b * factor && b < a * factor
}
