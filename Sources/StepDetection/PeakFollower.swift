/// Finds peaks by how far the signal rose and then fell, never by its level, so that neither a
/// drift nor an offset makes one.
struct PeakFollower: BitwiseCopyable {
  /// What one sample brought.
  enum Turn {
    case none
    /// A peak is certain; `rise` is its height over the lowest point before it, in m/s².
    case peak(rise: Float)
    /// The valley after a peak is past.
    case valley
  }

  private(set) var isRising = true
  private var highest = -Float.infinity
  private var lowest = Float.infinity

  /// A peak is certain once the signal fell by the height asked for, and by this share of what it
  /// rose: a strong step's shoulder is not its end.
  private static var fallOfRise: Float { 0.2 }
  /// A valley is past once the signal climbed by this share of the height asked for.
  private static var rearm: Float { 0.55 }

  /// - Parameter height: in m/s²; a smaller rise is no peak.
  mutating func follow(_ level: Float, height: Float) -> Turn {
    guard isRising else { return descend(level, height) }
    if level < lowest {
      lowest = level
      highest = level
    }
    highest = max(highest, level)
    let rise = highest - lowest
    guard rise > height, highest - level > max(height, Self.fallOfRise * rise) else {
      return .none
    }
    isRising = false
    lowest = level
    return .peak(rise: rise)
  }

  private mutating func descend(_ level: Float, _ height: Float) -> Turn {
    lowest = min(lowest, level)
    guard level > lowest + Self.rearm * height else { return .none }
    isRising = true
    highest = level
    return .valley
  }

  /// How far the next turn has come, 0 to 1.
  func progress(level: Float, height: Float) -> Float {
    let moved = isRising ? highest - lowest : (level - lowest) / Self.rearm
    return max(0, min(1, moved / height))
  }
}
