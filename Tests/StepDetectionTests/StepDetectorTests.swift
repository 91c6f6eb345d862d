import StepDetection
import Testing

@Suite struct StepDetectorTests {
  @Test func fitsASessionsBudget() {
    #expect(MemoryLayout<StepDetector>.size <= 192)
    #expect(MemoryLayout<StepCounter>.size <= 256)
  }
}
