import StepDetection
import TestSupport
import Testing

@Suite struct SampleClockTests {
  @Test func startsAtFiftyAndSaysItIsAssumed() {
    var clock = SampleClock()
    #expect(clock.next().interval == 0.02)
    #expect(clock.rate == 50)
    #expect(clock.source == .assumed)
  }

  @Test(arguments: [12.5, 25, 80, 100, 200, 400])
  func infersTheRateFromFiveSecondsOfArrivals(rate: Double) {
    var clock = SampleClock()
    for index in 0...Int(4.9 * rate) { clock.receive(samples: 1, at: Double(index) / rate) }
    #expect(clock.source == .assumed)
    for index in Int(5 * rate)...Int(6 * rate) {
      clock.receive(samples: 1, at: Double(index) / rate)
    }
    #expect(clock.source == .inferred)
    #expect(abs(clock.rate / rate - 1) < 0.02)
  }

  @Test func takesNoBurstForARate() {
    var clock = SampleClock()
    for burst in 0..<40 {
      for index in 0..<16 {
        clock.receive(samples: 1, at: 0.32 * Double(burst) + 0.0001 * Double(index))
        #expect(abs(clock.rate / 50 - 1) < 0.1)
      }
    }
    #expect(clock.source == .inferred)
  }

  @Test func countsEverySampleOfABatch() {
    var clock = SampleClock()
    for second in 0...12 { clock.receive(samples: 80, at: Double(second)) }
    #expect(abs(clock.rate - 80) < 1)
  }

  @Test func aBacklogAfterAStallIsNoFasterSensor() {
    var clock = SampleClock()
    var arrival = 0.0
    for _ in 0..<300 {
      arrival += 0.02
      clock.receive(samples: 1, at: arrival)
    }
    arrival += 1.9
    clock.receive(samples: 200, at: arrival)
    for _ in 0..<600 {
      arrival += 0.02
      clock.receive(samples: 1, at: arrival)
      #expect(abs(clock.rate / 50 - 1) < 0.15)
    }
  }

  @Test func aRateThatChangesIsFollowed() {
    var clock = SampleClock()
    for index in 0..<500 { clock.receive(samples: 1, at: 0.02 * Double(index)) }
    for index in 0..<2000 { clock.receive(samples: 1, at: 10 + 0.01 * Double(index)) }
    #expect(abs(clock.rate - 100) < 2)
  }

  @Test func aConfiguredRateIsTaken() {
    var clock = SampleClock()
    let isTaken = clock.configure(rate: 80)
    #expect(isTaken)
    #expect(clock.next().interval == Float(1) / 80)
    #expect(clock.source == .configured)
  }

  @Test(arguments: [0, 11.9, 401, -50, .nan, .infinity])
  func aRateOutOfRangeIsRefused(rate: Double) {
    var clock = SampleClock()
    let isTaken = clock.configure(rate: rate)
    #expect(!isTaken)
    #expect(clock.rate == 50)
  }

  @Test func aTimestampGoesBeforeAConfiguredRate() {
    var clock = SampleClock()
    _ = clock.configure(rate: 25)
    for index in 0..<100 {
      let tick = clock.next(timestamp: 1.7e9 + Double(index) / 80)
      if index > 0 { #expect(abs(tick.interval * 80 - 1) < 0.01) }
    }
    #expect(clock.source == .timestamp)
    #expect(abs(clock.rate - 80) < 0.5)
  }

  @Test(arguments: [1e3, 1e6, 1e9])
  func knowsSmallerUnitsByTheirSize(perSecond: Double) {
    var clock = SampleClock()
    for index in 0..<50 { _ = clock.next(timestamp: (1.7e9 + 0.02 * Double(index)) * perSecond) }
    #expect(abs(clock.rate - 50) < 0.5)
  }

  @Test(arguments: [-0.5, 2.1, -1e9]) func aJumpIsOneBreak(jump: Double) {
    var clock = SampleClock()
    for index in 0..<10 {
      let tick = clock.next(timestamp: 100 + 0.02 * Double(index))
      #expect(!tick.isBreak)
    }
    let jumped = clock.next(timestamp: 100.2 + jump)
    #expect(jumped.isBreak)
    #expect(abs(jumped.interval - 0.02) < 0.001)
    let after = clock.next(timestamp: 100.22 + jump)
    #expect(!after.isBreak)
  }

  @Test func aSilenceWithoutTimestampsIsABreak() {
    var clock = SampleClock()
    clock.receive(samples: 1, at: 1)
    let before = clock.next()
    clock.receive(samples: 1, at: 3.1)
    let after = clock.next()
    let next = clock.next()
    #expect(!before.isBreak && after.isBreak && !next.isBreak)
  }

  @Test func arrivalsOutOfOrderAreNoBreak() {
    var clock = SampleClock()
    var random = SplitMix64(seed: 2)
    for index in 0..<2000 {
      let late = 0.03 * Double(random.next() % 100) / 100
      clock.receive(samples: 1, at: Double(index) / 80 + late)
      let tick = clock.next()
      #expect(!tick.isBreak)
    }
    #expect(abs(clock.rate - 80) < 2)
  }

  @Test func aStallOfTheNetworkIsNoBreakOfTheSensor() {
    var clock = SampleClock()
    clock.receive(samples: 1, at: 1)
    _ = clock.next(timestamp: 10)
    clock.receive(samples: 1, at: 6)
    let tick = clock.next(timestamp: 10.02)
    #expect(!tick.isBreak)
    #expect(abs(tick.interval - 0.02) < 0.001)
  }

  @Test func stampsThatMakeNoSenseAreFoundOut() {
    var bursts = SampleClock()
    var milliseconds = SampleClock()
    for index in 0..<200 {
      _ = bursts.next(timestamp: 0.32 * Double(index / 16))
      _ = milliseconds.next(timestamp: 20 * Double(index))
    }
    #expect(bursts.source == .assumed)
    #expect(milliseconds.source == .assumed)
    let tick = milliseconds.next(timestamp: 4000)
    #expect(!tick.isBreak && tick.interval == 0.02)
  }

  @Test func aRepeatedStampNowAndThenIsForgiven() {
    var clock = SampleClock()
    for index in 0..<5000 { _ = clock.next(timestamp: 0.02 * Double(index - (index % 50) / 49)) }
    #expect(clock.source == .timestamp)
  }

  @Test func everyIntervalCanBeFed() {
    var random = SplitMix64(seed: 5)
    var clock = SampleClock()
    for _ in 0..<5000 {
      let time = Double(bitPattern: random.next())
      let tick = clock.next(timestamp: random.next() % 2 == 0 ? time : nil)
      #expect(tick.interval > 0 && tick.interval <= 2)
      #expect(SampleRate.isUsable(clock.rate))
    }
  }
}
