import Memory
import Testing

@testable import Management

@Suite struct ExpositionTests {
  private func text(_ write: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 1000)
    write(&writer)
    return String(decoding: (0..<writer.count).map { writer.bytes[$0] }, as: UTF8.self)
  }

  @Test func aMetricIsItsHelpItsTypeAndItsSamples() {
    let counter = text { $0.metric("a_total", .counter, "As.", 7) }
    #expect(counter == "# HELP a_total As.\n# TYPE a_total counter\na_total 7\n")
    let labelled = text { $0.sample("b", "kind", "x", 3) }
    #expect(labelled == "b{kind=\"x\"} 3\n")
  }

  @Test func aHistogramEndsWithAllOfThem() {
    let histogram = text {
      $0.metric("t_seconds", .histogram, "T.")
      $0.bucket("t_seconds", upTo: 250, 2)
      $0.bucket("t_seconds", upTo: nil, 5)
      $0.histogramEnd("t_seconds", sum: 1_500_000, count: 5)
    }
    #expect(
      histogram == """
        # HELP t_seconds T.
        # TYPE t_seconds histogram
        t_seconds_bucket{le="0.00025"} 2
        t_seconds_bucket{le="+Inf"} 5
        t_seconds_sum 1.5
        t_seconds_count 5

        """)
  }

  @Test(
    arguments: [
      (0, "0"), (1, "0.000001"), (10, "0.00001"), (1_000_000, "1"), (60_000_100, "60.0001"),
    ] as [(UInt64, String)])
  func secondsHaveNoIdleZeros(_ microseconds: UInt64, _ expected: String) {
    #expect(text { $0.seconds(microseconds) } == expected)
  }
}
