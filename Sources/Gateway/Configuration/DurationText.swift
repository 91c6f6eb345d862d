import Memory

/// Durations as Go's `time.ParseDuration` takes them, in whole milliseconds and never negative.
public enum DurationText {
  public static func milliseconds(_ text: [UInt8]) throws(UnreadableValue) -> Int64 {
    if text.equals("0") { return 0 }
    guard !text.isEmpty else { throw UnreadableValue("empty") }
    var total: Int64 = 0
    var rest = text[...]
    while !rest.isEmpty {
      let (sum, overflow) = total.addingReportingOverflow(try part(&rest))
      guard !overflow else { throw UnreadableValue("out of range") }
      total = sum
    }
    return total
  }

  /// One number with its unit, in milliseconds.
  private static func part(_ rest: inout ArraySlice<UInt8>) throws(UnreadableValue) -> Int64 {
    var mantissa: Int64 = 0
    var scale: Int64 = 1
    var digits = 0
    var isFraction = false
    while let byte = rest.first, byte == UInt8(ascii: ".") || isDigit(byte) {
      rest.removeFirst()
      if isDigit(byte) {
        digits += 1
        // More would not fit what follows; 10^12 ms is longer than any range here.
        guard digits <= 12 else { throw UnreadableValue("has too many digits") }
        mantissa = mantissa * 10 + Int64(byte - 0x30)
        if isFraction { scale *= 10 }
      } else {
        guard !isFraction else { throw UnreadableValue("not a duration, as in 10s or 1m30s") }
        isFraction = true
      }
    }
    guard digits > 0 else { throw UnreadableValue("not a duration, as in 10s or 1m30s") }
    let product = mantissa * (try unit(&rest))
    guard product % scale == 0 else { throw UnreadableValue("not whole milliseconds") }
    return product / scale
  }

  /// The milliseconds of the unit that stands before the next number.
  private static func unit(_ rest: inout ArraySlice<UInt8>) throws(UnreadableValue) -> Int64 {
    var name: [UInt8] = []
    while let byte = rest.first, byte != UInt8(ascii: "."), !isDigit(byte) {
      rest.removeFirst()
      name.append(byte)
    }
    guard !name.isEmpty else { throw UnreadableValue("a duration needs a unit, as in 10s") }
    for (unit, milliseconds) in units where name.equals(unit) {
      return milliseconds
    }
    throw UnreadableValue("has a unit other than h, m, s and ms")
  }

  private static let units: [(StaticString, Int64)] = [
    ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
  ]

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// One number in the largest of hours, seconds and milliseconds that says the same.
  static func append(to sink: inout [UInt8], _ milliseconds: Int64) {
    if milliseconds % 1000 != 0 {
      sink.append(decimal: milliseconds)
      sink.append("ms")
    } else if milliseconds > 0 && milliseconds % 3_600_000 == 0 {
      sink.append(decimal: milliseconds / 3_600_000)
      sink.append("h")
    } else {
      sink.append(decimal: milliseconds / 1000)
      sink.append("s")
    }
  }
}
