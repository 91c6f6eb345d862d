/// Tells walking from handling: a step moves the phone along gravity, so magnitude and vector
/// move alike; a hand that turns it moves the vector and leaves the magnitude.
struct Handling: BitwiseCopyable {
  private var mean = SIMD4<Float>()
  private var vectorPower: Float = 0
  private var magnitudePower: Float = 0
  private var isEmpty = true

  private static var meanTime: Float { 0.8 }
  private static var powerTime: Float { 0.7 }

  /// - Parameter sample: x, y, z and the magnitude, in m/s².
  mutating func observe(_ sample: SIMD4<Float>, interval: Float) {
    if isEmpty {
      self = Handling()
      mean = sample
      isEmpty = false
    }
    let off = sample - mean
    mean += off * (interval / (Self.meanTime + interval))
    let square = off * off
    let share = interval / (Self.powerTime + interval)
    vectorPower += share * (square.x + square.y + square.z - vectorPower)
    magnitudePower += share * (square.w - magnitudePower)
  }

  /// Walking with the phone in a hand moves it across gravity about as much as along it.
  private static var usual: Float { 1.05 }

  /// How many times higher than usual a first step has to be, 0.9 to 5.
  var caution: Float {
    let across = max(0, vectorPower - magnitudePower)
    let ratio = (across / max(magnitudePower, 1e-6)).squareRoot()
    return min(5, max(0.9, ratio / Self.usual))
  }
}
