import Memory

/// How many decimals a timestamp's seconds have.
public enum TimestampPrecision {
  case seconds, milliseconds
}

extension ByteWriter {
  /// A string with a moment in UTC, as ISO 8601 and RFC 3339 write it:
  /// `"2009-02-13T23:31:30.123Z"`.
  ///
  /// - Parameter milliseconds: since 1970-01-01T00:00:00Z, 0 up to the end of the year 9999.
  public mutating func timestamp(milliseconds: Int64, _ precision: TimestampPrecision) {
    separate()
    append(UInt8(ascii: "\""))
    append(utc: milliseconds, precision)
    append(UInt8(ascii: "\""))
  }

  /// The same without quotes: `2009-02-13T23:31:30.123Z`.
  ///
  /// - Parameter milliseconds: since 1970-01-01T00:00:00Z, 0 up to the end of the year 9999.
  public mutating func append(utc milliseconds: Int64, _ precision: TimestampPrecision) {
    precondition(milliseconds >= 0 && milliseconds < 253_402_300_800_000)
    let day = CivilDate(daysSince1970: Int(milliseconds / 86_400_000))
    let time = UInt64(milliseconds % 86_400_000)
    append(decimal: UInt64(day.year), width: 4)
    append(UInt8(ascii: "-"))
    append(decimal: UInt64(day.month), width: 2)
    append(UInt8(ascii: "-"))
    append(decimal: UInt64(day.day), width: 2)
    append(UInt8(ascii: "T"))
    append(decimal: time / 3_600_000, width: 2)
    append(UInt8(ascii: ":"))
    append(decimal: time / 60_000 % 60, width: 2)
    append(UInt8(ascii: ":"))
    append(decimal: time / 1000 % 60, width: 2)
    if precision == .milliseconds {
      append(UInt8(ascii: "."))
      append(decimal: time % 1000, width: 3)
    }
    append("Z")
  }
}
