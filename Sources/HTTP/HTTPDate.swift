import Memory

extension ByteWriter {
  /// An IMF-fixdate such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
  ///
  /// - Parameter seconds: since 1970 in UTC, from 0 to the end of the year 9999.
  mutating func append(httpDate seconds: Int) {
    precondition(seconds >= 0 && seconds <= 253_402_300_799)
    let (days, time) = seconds.quotientAndRemainder(dividingBy: 86_400)
    let date = CivilDate(daysSince1970: days)
    let weekday = (days + 4) % 7
    let weekdays: StaticString = "SunMonTueWedThuFriSat"
    let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"
    append(weekdays.bytes[weekday * 3..<weekday * 3 + 3])
    append(", ")
    append(digits: date.day, width: 2)
    append(" ")
    append(months.bytes[date.month * 3 - 3..<date.month * 3])
    append(" ")
    append(digits: date.year, width: 4)
    append(" ")
    append(digits: time / 3600, width: 2)
    append(":")
    append(digits: time / 60 % 60, width: 2)
    append(":")
    append(digits: time % 60, width: 2)
    append(" GMT")
  }
}

/// A day of the Gregorian calendar.
private struct CivilDate {
  let year: Int
  /// 1 to 12.
  let month: Int
  /// 1 to 31.
  let day: Int

  /// Counts years from the first of March, so that the leap day is a year's last one.
  init(daysSince1970 days: Int) {
    let daysBefore1970 = 719_468  // from 1 March of the year 0
    let (era, dayOfEra) = (days + daysBefore1970).quotientAndRemainder(dividingBy: 146_097)
    let leapDays = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leapDays) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // Five months from March on have 153 days, whichever five.
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
  }
}
