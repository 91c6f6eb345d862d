public import Memory

/// What a metric is, in the words of Prometheus's text format, version 0.0.4.
public enum MetricType: Sendable {
  case counter, gauge, histogram

  var name: StaticString {
    switch self {
    case .counter: "counter"
    case .gauge: "gauge"
    case .histogram: "histogram"
    }
  }
}

/// Metrics in Prometheus's text format. Names, labels and help texts are literals of ours that need
/// no escape.
extension ByteWriter {
  /// Begins a metric, whose samples are to follow.
  public mutating func metric(_ name: StaticString, _ type: MetricType, _ help: StaticString) {
    append("# HELP ")
    append(name)
    append(" ")
    append(help)
    append("\n# TYPE ")
    append(name)
    append(" ")
    append(type.name)
    append("\n")
  }

  /// One sample with one label.
  public mutating func sample(
    _ name: StaticString, _ label: StaticString, _ labelValue: StaticString, _ value: UInt64
  ) {
    append(name)
    append("{")
    append(label)
    append("=\"")
    append(labelValue)
    append("\"}")
    end(value)
  }

  /// One sample with one label whose value is a number.
  public mutating func sample(
    _ name: StaticString, _ label: StaticString, number: Int, _ value: UInt64
  ) {
    append(name)
    append("{")
    append(label)
    append("=\"")
    append(decimal: UInt64(number))
    append("\"}")
    end(value)
  }

  private mutating func end(_ value: UInt64) {
    append(" ")
    append(decimal: value)
    append("\n")
  }

  /// A metric of one sample.
  public mutating func metric(
    _ name: StaticString, _ type: MetricType, _ help: StaticString, _ value: UInt64
  ) {
    metric(name, type, help)
    append(name)
    end(value)
  }

  /// One bucket of a histogram: how many values were `bound` or less.
  ///
  /// - Parameter bound: microseconds; nil for all values.
  public mutating func bucket(_ name: StaticString, upTo bound: UInt64?, _ count: UInt64) {
    append(name)
    append("_bucket{le=\"")
    if let bound { seconds(bound) } else { append("+Inf") }
    append("\"} ")
    append(decimal: count)
    append("\n")
  }

  /// The end of a histogram.
  ///
  /// - Parameter sum: microseconds.
  public mutating func histogramEnd(_ name: StaticString, sum: UInt64, count: UInt64) {
    append(name)
    append("_sum ")
    seconds(sum)
    append("\n")
    append(name)
    append("_count ")
    append(decimal: count)
    append("\n")
  }

  /// Seconds with as many decimals as it takes.
  ///
  /// - Parameter microseconds: any number.
  mutating func seconds(_ microseconds: UInt64) {
    append(decimal: microseconds / 1_000_000)
    var (rest, width) = (microseconds % 1_000_000, 6)
    guard rest > 0 else { return }
    while rest % 10 == 0 {
      rest /= 10
      width -= 1
    }
    append(".")
    append(decimal: rest, width: width)
  }
}
