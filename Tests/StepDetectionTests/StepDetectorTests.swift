import Foundation
import StepDetection
import TestSupport
import Testing

@Suite struct StepDetectorTests {
  @Test func fitsASessionsBudget() {
    #expect(MemoryLayout<StepDetector>.size <= 192)
    #expect(MemoryLayout<StepCounter>.size <= 256)
  }

  struct Gait: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let pace: Double
    let strength: Double
    var asymmetry = 0.1
    var echo = 0.35
  }

  static let gaits = [
    Gait(testDescription: "brisk", pace: 1.9, strength: 2.2),
    Gait(testDescription: "slow", pace: 1.0, strength: 1.0),
    Gait(testDescription: "frail", pace: 1.2, strength: 0.5),
    Gait(testDescription: "limping", pace: 1.5, strength: 1.5, asymmetry: 0.3),
    Gait(testDescription: "stairs", pace: 1.6, strength: 1.2, asymmetry: 0.25),
    Gait(testDescription: "in a pocket", pace: 1.7, strength: 3, asymmetry: 0.3, echo: 1.2),
    Gait(testDescription: "jogging", pace: 2.7, strength: 7),
    Gait(testDescription: "running", pace: 3.5, strength: 10),
  ]

  @Test(arguments: gaits) func countsWithinTwoPerCent(gait: Gait) {
    for seed in 1...5 as ClosedRange<UInt64> {
      var motion = SyntheticMotion(seed: seed)
      motion.stand(seconds: 3)
      motion.walk(
        steps: 200, pace: gait.pace, strength: gait.strength, asymmetry: gait.asymmetry,
        echo: gait.echo)
      motion.stand(seconds: 3)
      #expect(abs(count(motion) - 200) <= 4, "seed \(seed)")
    }
  }

  @Test(arguments: [12, 16, 25, 50, 80, 100, 200, 400])
  func countsTheSameAtEveryRate(rate: Double) {
    var motion = SyntheticMotion(rate: rate)
    motion.stand(seconds: 2)
    motion.walk(steps: 150, pace: 1.8, strength: 2)
    motion.stand(seconds: 2)
    #expect(abs(count(motion) - 150) <= 3)
  }

  @Test func announcesABriskWalkWithItsThirdStep() {
    var motion = SyntheticMotion()
    motion.stand(seconds: 3)
    motion.walk(steps: 3, pace: 1.9, strength: 2.2)
    #expect(count(motion) >= 2)
  }

  @Test func announcesASlowWalkWithItsFifthStep() {
    var motion = SyntheticMotion()
    motion.stand(seconds: 3)
    motion.walk(steps: 5, pace: 0.9, strength: 1.6)
    #expect(count(motion) >= 3)
  }

  @Test func countsShortBoutsWithPausesBetween() {
    var motion = SyntheticMotion()
    for _ in 0..<10 {
      motion.stand(seconds: 4)
      motion.walk(steps: 12, pace: 1.8, strength: 2)
    }
    motion.stand(seconds: 4)
    #expect(abs(count(motion) - 120) <= 10)
  }

  @Test func doesNotMindHowTheDeviceIsHeld() {
    var motion = SyntheticMotion()
    motion.stand(seconds: 2)
    motion.walk(steps: 100, pace: 1.8, strength: 2)
    let upright = count(motion)
    var detector = StepDetector()
    var upsideDown = 0
    for sample in motion.samples {
      upsideDown += detector.feed(x: sample.y, y: -sample.z, z: -sample.x, interval: 0.02).steps
    }
    #expect(upright == upsideDown)
  }

  @Test func countsThroughTurns() {
    var motion = SyntheticMotion()
    motion.stand(seconds: 2)
    motion.walk(steps: 60, pace: 1.8, strength: 2)
    motion.walk(steps: 40, pace: 1.7, strength: 1.6, turning: 0.8)
    motion.walk(steps: 60, pace: 1.8, strength: 2)
    #expect(abs(count(motion) - 160) <= 3)
  }

  @Test func findsAFrailWalkAfterAJolt() {
    var detector = StepDetector()
    var steps = 0
    for index in 0..<3000 {
      let phase = 2 * Double.pi * 1.2 * Double(index) / 50
      let strength = phase >= 4 * .pi && phase < 6 * .pi ? 1.5 : 0.5
      let z = Float(9.80665 - strength * cos(phase))
      steps += detector.feed(x: 0, y: 0, z: z, interval: 0.02).steps
    }
    #expect(abs(steps - 72) <= 6)
  }

  @Test func toleratesLostAndRepeatedSamples() {
    var motion = SyntheticMotion()
    motion.stand(seconds: 2)
    motion.walk(steps: 200, pace: 1.8, strength: 2)
    var random = SplitMix64(seed: 7)
    var detector = StepDetector()
    var steps = 0
    for sample in motion.samples {
      let fate = random.next() % 100
      for _ in 0..<(fate < 3 ? 0 : fate < 6 ? 2 : 1) {
        steps += detector.feed(x: sample.x, y: sample.y, z: sample.z, interval: 0.02).steps
      }
    }
    #expect(abs(steps - 200) <= 4)
  }

  @Test func standingStillIsNoStep() {
    var motion = SyntheticMotion()
    motion.stand(seconds: 600)
    #expect(count(motion) == 0)
  }

  @Test(arguments: [4.5, 5, 6], [0, 0.8, 1.57])
  func shakingIsNoWalk(frequency: Double, across: Double) {
    for seed in 1...5 as ClosedRange<UInt64> {
      var motion = SyntheticMotion(seed: seed)
      motion.stand(seconds: 2)
      motion.shake(seconds: 60, frequency: frequency, strength: 15, across: across)
      #expect(count(motion) < 5, "seed \(seed)")
    }
  }

  @Test func aCarRideIsNoWalk() {
    var steps = 0
    for seed in 1...5 as ClosedRange<UInt64> {
      var motion = SyntheticMotion(seed: seed)
      motion.ride(seconds: 120)
      steps += count(motion)
    }
    #expect(steps < 5 * 10)
  }

  /// The seed is one whose ride a walk's low threshold would count on for half a minute.
  @Test func aRideAfterAFrailWalkIsNotCountedOn() {
    var motion = SyntheticMotion(seed: 5)
    motion.stand(seconds: 2)
    motion.walk(steps: 40, pace: 1.5, strength: 0.5)
    motion.ride(seconds: 300)
    #expect(count(motion) - 40 < 5 * 5)
  }

  @Test func handlingIsNoWalk() {
    var motion = SyntheticMotion()
    motion.handle(seconds: 300)
    #expect(count(motion) < 5 * 5)
  }

  @Test func losesNothingOverHours() {
    var motion = SyntheticMotion(seed: 3)
    motion.stand(seconds: 2)
    motion.walk(steps: 400, pace: 1.8, strength: 2)
    motion.stand(seconds: 10)
    var detector = StepDetector()
    var first = 0
    var last = 0
    for round in 0..<60 {
      last = 0
      for sample in motion.samples {
        last += detector.feed(x: sample.x, y: sample.y, z: sample.z, interval: 0.02).steps
      }
      if round == 0 { first = last }
    }
    #expect(abs(first - 400) <= 4)
    #expect(abs(first - last) <= 1)
  }

  @Test func resetForgetsEverything() {
    var motion = SyntheticMotion()
    motion.walk(steps: 30, pace: 1.8, strength: 2)
    var used = StepDetector()
    for sample in motion.samples {
      _ = used.feed(x: sample.x, y: sample.y, z: sample.z, interval: 0.02)
    }
    used.reset()
    var fresh = StepDetector()
    for sample in motion.samples {
      let one = used.feed(x: sample.x, y: sample.y, z: sample.z, interval: 0.02)
      let other = fresh.feed(x: sample.x, y: sample.y, z: sample.z, interval: 0.02)
      #expect(one.steps == other.steps && one.startProbability == other.startProbability)
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, 2001, .greatestFiniteMagnitude])
  func whatIsNoMeasurementChangesNothing(value: Float) {
    var motion = SyntheticMotion()
    motion.stand(seconds: 2)
    motion.walk(steps: 50, pace: 1.8, strength: 2)
    var detector = StepDetector()
    var steps = 0
    for sample in motion.samples {
      #expect(detector.feed(x: value, y: 0, z: 0, interval: 0.02).steps == 0)
      #expect(detector.feed(x: 0, y: 0, z: 9.8, interval: value).steps == 0)
      steps += detector.feed(x: sample.x, y: sample.y, z: sample.z, interval: 0.02).steps
    }
    #expect(steps == count(motion))
  }

  private func count(_ motion: SyntheticMotion) -> Int {
    var detector = StepDetector()
    let interval = Float(1 / motion.rate)
    return motion.samples.reduce(into: 0) { steps, sample in
      steps += detector.feed(x: sample.x, y: sample.y, z: sample.z, interval: interval).steps
    }
  }
}
