import Foundation
import TestSupport

/// Acceleration as a phone would measure it, made of stretches of standing, walking, shaking and
/// riding; the same seed gives the same samples.
///
/// Steps are a vertical oscillation with two overtones, lateral sway at half the pace and surge at
/// the pace, uneven by the left and right foot and by a slow wander of pace and strength; a bout's
/// first steps are weaker, as they are in people.
struct SyntheticMotion {
  let rate: Double
  private(set) var samples: [SIMD3<Float>] = []
  private(set) var steps = 0
  private var random: SplitMix64
  private let gravity = 9.80665

  init(rate: Double = 50, seed: UInt64 = 1) {
    self.rate = rate
    random = SplitMix64(seed: seed)
  }

  mutating func stand(seconds: Double) {
    for _ in 0..<Int(seconds * rate) { append(0, 0, 0) }
  }

  /// - Parameters:
  ///   - pace: steps a second.
  ///   - strength: of the fundamental in m/s²; 2 is a brisk walk, 0.5 a frail one, 8 a run.
  ///   - asymmetry: by how much left and right differ from their mean.
  ///   - echo: the second peak of a step, as a share of the first.
  ///   - turning: rad/s by which the device turns about its x axis.
  mutating func walk(
    steps count: Int, pace: Double, strength: Double, asymmetry: Double = 0.1, echo: Double = 0.35,
    turning: Double = 0
  ) {
    var phase = 0.0
    var angle = 0.0
    var wander = Wander(seconds: 2, rate: rate)
    var vigour = Wander(seconds: 3, rate: rate)
    while phase < 2 * .pi * Double(count) {
      let begun = min(1, 0.4 + phase / (4 * .pi) * 0.6)
      let drift = vigour.next(&random)
      let force =
        strength * begun * (1 + 0.1 * drift) * (1 + asymmetry * sin(phase / 2))
      let vertical =
        force * (-cos(phase) + echo * sin(2 * phase + 0.7) + 0.15 * sin(3 * phase + 1.3))
      append(
        0.5 * strength * sin(phase / 2), 0.5 * strength * sin(phase + 1.2), vertical, angle: angle)
      phase += 2 * .pi * pace * (1 + 0.03 * wander.next(&random)) / rate
      angle += turning / rate
    }
    steps += count
  }

  /// A hand that shakes the device to and fro along an axis `across` radians from gravity, its
  /// wrist turning with it.
  mutating func shake(seconds: Double, frequency: Double, strength: Double, across: Double) {
    var phase = 0.0
    var wander = Wander(seconds: 3, rate: rate)
    for _ in 0..<Int(seconds * rate) {
      let push = strength * (sin(phase) + 0.2 * sin(2 * phase + 1))
      append(push * sin(across), 0, push * cos(across), angle: 0.35 * sin(phase + 0.5))
      phase += 2 * .pi * frequency * (1 + 0.04 * wander.next(&random)) / rate
    }
  }

  /// A car: the body bounces at 1.4 Hz, driven by a random road, over engine vibration at 11 Hz,
  /// with braking, bends, and every 20 s a bump.
  mutating func ride(seconds: Double) {
    var bounce = Resonator(frequency: 1.4, damping: 0.25, rate: rate)
    var engine = Resonator(frequency: 11, damping: 0.2, rate: rate)
    var braking = Wander(seconds: 4, rate: rate)
    var bends = Wander(seconds: 6, rate: rate)
    for index in 0..<Int(seconds * rate) {
      let since = (Double(index) / rate).truncatingRemainder(dividingBy: 20)
      let bump = 2 * exp(-2.5 * since) * sin(2 * .pi * 1.5 * since)
      let vertical = 0.35 * bounce.next(&random) + 0.4 * engine.next(&random) + bump
      append(braking.next(&random), bends.next(&random), vertical)
    }
  }

  /// A fidgeting hand: the device turns slowly and by no rule, hardly accelerating.
  mutating func handle(seconds: Double) {
    var turn = Wander(seconds: 0.5, rate: rate)
    var push = Wander(seconds: 0.3, rate: rate)
    for _ in 0..<Int(seconds * rate) {
      append(0, 0, 0.5 * push.next(&random), angle: 0.7 * turn.next(&random))
    }
  }

  private mutating func append(_ x: Double, _ y: Double, _ z: Double, angle: Double = 0) {
    let up = z + gravity
    let noise = 0.05
    samples.append(
      SIMD3(
        Float(x + noise * random.normal()),
        Float(y * cos(angle) - up * sin(angle) + noise * random.normal()),
        Float(y * sin(angle) + up * cos(angle) + noise * random.normal())))
  }
}

/// A slow random course of about unit size.
private struct Wander {
  private var first = 0.0
  private var second = 0.0
  private let share: Double
  private let gain: Double

  init(seconds: Double, rate: Double) {
    share = 1 / (1 + 0.5 * seconds * rate)
    gain = (4 / share).squareRoot() / 2
  }

  mutating func next(_ random: inout SplitMix64) -> Double {
    first += share * (random.normal() * gain * 2 - first)
    second += share * (first - second)
    return second
  }
}

/// Noise at one frequency, of about unit root mean square.
private struct Resonator {
  private var place = 0.0
  private var speed = 0.0
  private let pulse: Double
  private let damping: Double
  private let interval: Double

  init(frequency: Double, damping: Double, rate: Double) {
    pulse = 2 * .pi * frequency
    self.damping = damping
    interval = 1 / rate
  }

  mutating func next(_ random: inout SplitMix64) -> Double {
    // Small steps: this integration is exact enough only when a period has many.
    for _ in 0..<8 {
      let step = interval / 8
      let force = random.normal() * (4 * damping * pulse * pulse * pulse / step).squareRoot()
      speed += step * (force - 2 * damping * pulse * speed - pulse * pulse * place)
      place += step * speed
    }
    return place
  }
}

extension SplitMix64 {
  /// Of mean 0 and variance 1: a sum of uniform numbers is close enough to normal here.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += Double(next() >> 11) * 0x1p-53 }
    return sum
  }
}
