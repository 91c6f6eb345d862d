/// The sample rates this module can work at.
public enum SampleRate {
  /// In Hz.
  public static var slowest: Double { 12 }
  /// In Hz.
  public static var fastest: Double { 400 }
  /// In Hz: taken for granted until something better is known.
  public static var assumed: Double { 50 }

  static var longestInterval: Float { 1 / 12 }

  public static func isUsable(_ rate: Double) -> Bool { rate >= slowest && rate <= fastest }
}
