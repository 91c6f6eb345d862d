import StepDetection
import Testing

@Suite struct StepCounterTests {
  @Test func keepsTotals() {
    var counter = StepCounter()
    feed(&counter, walk())
    #expect(abs(counter.steps - 100) <= 2)
    #expect(counter.predictions == walk().samples.count)
    counter.reset()
    #expect(counter.steps == 0 && counter.predictions == 0)
    feed(&counter, walk())
    #expect(abs(counter.steps - 100) <= 2)
  }

  @Test(arguments: [true, false]) func countsInG(isSaid: Bool) {
    var counter = StepCounter()
    if isSaid { counter.configure(units: .standardGravity) }
    for sample in walk().samples {
      let scaled = sample / 9.80665
      _ = counter.feed(x: scaled.x, y: scaled.y, z: scaled.z)
    }
    #expect(abs(counter.steps - 100) <= 2)
  }

  @Test(arguments: [25, 80, 200]) func countsByTimestamps(rate: Double) {
    var counter = StepCounter()
    for (index, sample) in walk(rate: rate).samples.enumerated() {
      let time = 1.7e9 + Double(index) / rate
      _ = counter.feed(x: sample.x, y: sample.y, z: sample.z, timestamp: time)
    }
    #expect(abs(counter.steps - 100) <= 2)
    #expect(counter.clock.source == .timestamp)
  }

  @Test(arguments: [1, 16]) func countsAtAnInferredRate(together: Int) {
    var counter = StepCounter()
    let samples = walk(rate: 80, before: 8).samples
    for (index, sample) in samples.enumerated() {
      let arrival = Double(index / together * together) / 80
      counter.receive(samples: 1, at: arrival)
      _ = counter.feed(x: sample.x, y: sample.y, z: sample.z)
    }
    #expect(abs(counter.steps - 100) <= 2)
    #expect(counter.clock.source == .inferred)
  }

  @Test func aGapKeepsTheCountAndNothingOfTheSignal() {
    var counter = StepCounter()
    let samples = walk().samples
    for (index, sample) in samples.enumerated() {
      let gap = index < samples.count / 2 ? 0.0 : 60
      _ = counter.feed(
        x: sample.x, y: sample.y, z: sample.z, timestamp: 0.02 * Double(index) + gap)
    }
    #expect(abs(counter.steps - 100) <= 4)
  }

  @Test func withoutGravityNothingIsCountedAndThatIsSaidOnce() {
    var counter = StepCounter()
    for sample in walk().samples {
      _ = counter.feed(x: sample.x, y: sample.y, z: sample.z - 9.80665)
    }
    let first = counter.takeGravityReport()
    let second = counter.takeGravityReport()
    #expect(first && !second)
    #expect(counter.steps == 0)
  }

  @Test func aSampleThatIsNoMeasurementCountsForNothing() {
    var counter = StepCounter()
    _ = counter.feed(x: .nan, y: 0, z: 9.8)
    _ = counter.feed(x: .infinity, y: 0, z: 9.8)
    #expect(counter.predictions == 0)
    feed(&counter, walk())
    #expect(abs(counter.steps - 100) <= 2)
  }

  private func walk(rate: Double = 50, before: Double = 2) -> SyntheticMotion {
    var motion = SyntheticMotion(rate: rate)
    motion.stand(seconds: before)
    motion.walk(steps: 100, pace: 1.8, strength: 2)
    motion.stand(seconds: 2)
    return motion
  }

  private func feed(_ counter: inout StepCounter, _ motion: SyntheticMotion) {
    for sample in motion.samples { _ = counter.feed(x: sample.x, y: sample.y, z: sample.z) }
  }
}
