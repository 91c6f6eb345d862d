import Memory

extension ByteWriter {
  /// An IMF-fixdate such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
  ///
  /// - Parameter seconds: since 1970 in UTC, from 0 to the end of the year 9999.
  mutating func append(httpDate seconds: Int64) {
    precondition(seconds >= 0 && seconds <= 253_402_300_799)
    let (days, time) = seconds.quotientAndRemainder(dividingBy: 86_400)
    let date = CivilDate(daysSince1970: Int(days))
    let weekday = Int((days + 4) % 7)
    let weekdays: StaticString = "SunMonTueWedThuFriSat"
    let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"
    append(weekdays.bytes[weekday * 3..<weekday * 3 + 3])
    append(", ")
    append(decimal: UInt64(date.day), width: 2)
    append(" ")
    append(months.bytes[date.month * 3 - 3..<date.month * 3])
    append(" ")
    append(decimal: UInt64(date.year), width: 4)
    append(" ")
    append(decimal: UInt64(time / 3600), width: 2)
    append(":")
    append(decimal: UInt64(time / 60 % 60), width: 2)
    append(":")
    append(decimal: UInt64(time % 60), width: 2)
    append(" GMT")
  }
}
