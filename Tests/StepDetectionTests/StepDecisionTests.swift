import StepDetection
import Testing

@Suite struct StepDecisionTests {
  private let decisions: [StepDecision]

  init() {
    var motion = SyntheticMotion()
    motion.stand(seconds: 2)
    motion.walk(steps: 100, pace: 1.8, strength: 2)
    motion.stand(seconds: 3)
    var detector = StepDetector()
    decisions = motion.samples.map {
      detector.feed(x: $0.x, y: $0.y, z: $0.z, interval: 0.02)
    }
  }

  @Test func itsProbabilitiesDivideOne() {
    for decision in decisions {
      let shares = [
        decision.noStepProbability, decision.startProbability, decision.endProbability,
      ]
      #expect(abs(shares.reduce(0, +) - 1) < 1e-5)
      #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 })
      let largest = shares.indices.max { shares[$0] < shares[$1] }
      #expect(largest == Int(decision.predictedClass.rawValue))
    }
  }

  @Test func confidenceComesWithAStepOnly() {
    for decision in decisions {
      #expect((decision.steps == 1) == (decision.predictedClass == .start))
      #expect((decision.confidence > 0) == (decision.steps == 1))
    }
    let sure = decisions.filter { $0.confidence > 0.8 }
    #expect(sure.count > 80)
  }

  @Test func everyStepButTheHeldOnesEndsOnceBeforeTheNextBegins() {
    var open = 0
    for decision in decisions {
      if decision.isStepStart { open = min(open + 1, 1) }
      if decision.isStepEnd {
        #expect(open == 1)
        open = 0
      }
    }
    #expect(decisions.count(where: \.isStepEnd) > 90)
  }

  @Test func magnitudeIsTheSamples() {
    var detector = StepDetector()
    let decision = detector.feed(x: 3, y: 4, z: 12, interval: 0.02)
    #expect(decision.movementMagnitude == 13)
  }
}
