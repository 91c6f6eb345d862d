import StepDetection
import Testing

@Suite struct UnitsGuessTests {
  @Test func metersPerSecondSquaredAreTheDefault() {
    var guess = UnitsGuess()
    let hasChanged = feed(&guess, 9.6)
    #expect(!hasChanged)
    #expect(guess.verdict == .metersPerSecondSquared)
    #expect(guess.scale == 1)
  }

  @Test(arguments: [0.75, 1, 1.35]) func aboutOneIsG(magnitude: Float) {
    var guess = UnitsGuess()
    _ = feed(&guess, magnitude)
    #expect(guess.verdict == .standardGravity)
    #expect(guess.scale == 9.80665)
  }

  @Test func gIsTakenForGFromTheFirstSampleOn() {
    var guess = UnitsGuess()
    let hasChanged = guess.observe(1, interval: 0.02)
    #expect(hasChanged)
    #expect(guess.scale == 9.80665)
  }

  @Test func whatWasSaidIsNotGuessedAt() {
    var guess = UnitsGuess()
    guess.say(.metersPerSecondSquared)
    _ = feed(&guess, 1)
    #expect(guess.scale == 1)
    guess.say(.standardGravity)
    _ = feed(&guess, 9.8)
    #expect(guess.scale == 9.80665)
  }

  @Test func missingGravityIsReportedOnce() {
    var guess = UnitsGuess()
    let early = guess.takeReport()
    _ = feed(&guess, 0.1)
    let first = guess.takeReport()
    _ = feed(&guess, 0.1)
    let second = guess.takeReport()
    #expect(!early && first && !second)
  }

  @Test func aWrongGuessIsPutRightBySomethingHeavier() {
    var guess = UnitsGuess()
    _ = feed(&guess, 1)
    _ = feed(&guess, 9.8)
    #expect(guess.verdict == .metersPerSecondSquared)
  }

  /// Feeds a little over a second; true when the scale changed.
  private func feed(_ guess: inout UnitsGuess, _ magnitude: Float) -> Bool {
    var hasChanged = false
    for _ in 0..<55 where guess.observe(magnitude, interval: 0.02) { hasChanged = true }
    return hasChanged
  }
}
