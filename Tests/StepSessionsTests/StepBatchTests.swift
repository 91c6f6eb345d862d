import Memory
import Testing

@testable import StepSessions

@Suite struct StepBatchTests {
  /// The samples' values, or the refusal in words.
  private func json(_ text: String, hasGyro: Bool = true) -> ([[Float]], String) {
    var samples: [[Float]] = []
    let bytes = Array(text.utf8)
    do throws(StepRefusal) {
      var batch = try StepBatch(bytes.span.raw, hasGyro: hasGyro)
      while let sample = try batch.next() { samples.append((0..<6).map { sample.values[$0] }) }
      return (samples, "none")
    } catch { return (samples, "\(error)") }
  }

  private func binary(_ bytes: [UInt8]) -> ([[Float]], String) {
    var samples: [[Float]] = []
    do throws(StepRefusal) {
      var batch = try BinaryBatch(bytes.span.raw)
      while let sample = try batch.next() { samples.append((0..<6).map { sample.values[$0] }) }
      return (samples, "none")
    } catch { return (samples, "\(error)") }
  }

  private func bytes(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
  }

  @Test func samplesOfSixNumbers() {
    #expect(json("[]") == ([], "none"))
    #expect(
      json("[[1,2,3,4,5,6], [-2000,2e3,0,0.5,0,0]]")
        == ([[1, 2, 3, 4, 5, 6], [-2000, 2000, 0, 0.5, 0, 0]], "none"))
  }

  @Test func threeAreEnoughWithoutAGyroscope() {
    #expect(json("[[1,2,3]]", hasGyro: false) == ([[1, 2, 3, 0, 0, 0]], "none"))
    #expect(json("[[1,2,3,4,5,6]]", hasGyro: false).1 == "none")
    #expect(json("[[1,2,3]]").1 == "invalidSample(0)")
  }

  @Test(arguments: [
    "1", "{}", "null", "[1,2,3,4,5]", "[1,2,3,4,5,6,7]", "[]", "[1,2,3,4,5,\"6\"]",
    "[1,2,3,4,5,null]", "[1,2,3,4,5,2000.5]", "[1,2,3,4,5,1e999]", "[1,2,3,4,5,[6]]",
    "[1,2,3,4]",
  ])
  func aSampleThatIsNoneIsNamedByItsIndex(sample: String) {
    let good = "[1,2,3,4,5,6]"
    #expect(json("[\(good),\(sample),\(good)]").1 == "invalidSample(1)")
    #expect(json("[\(sample)]").1 == "invalidSample(0)")
    #expect(json("[\(sample)]", hasGyro: false).1 == "invalidSample(0)")
  }

  @Test func binarySamplesAreSixFloats() {
    let values: [Float] = [1, -2, 3.5, 0.25, 2000, -2000, 7, 8, 9, 10, 11, 12]
    #expect(binary(bytes(values)) == ([Array(values[..<6]), Array(values[6...])], "none"))
  }

  @Test func aTornBinaryMessageIsRefused() {
    let whole = bytes([Float](repeating: 1, count: 12))
    for length in 0..<whole.count where length % 24 != 0 || length == 0 {
      #expect(binary(Array(whole.prefix(length))).1 == "tornSample", "\(length)")
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, 2000.125, -2001, .greatestFiniteMagnitude])
  func aValueOutOfRangeIsRefusedInEveryPlace(value: Float) {
    for place in 0..<12 {
      var values = [Float](repeating: 1, count: 12)
      values[place] = value
      #expect(binary(bytes(values)).1 == "invalidSample(\(place / 6))")
    }
  }
}
