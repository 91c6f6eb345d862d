import Memory

/// Days as ISO 8601 writes them: `2026-11-21`.
enum DateText {
  /// Days since 1970-01-01.
  static func days(_ text: [UInt8]) throws(UnreadableValue) -> Int {
    guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let year = number(text[0..<4]), let month = number(text[5..<7]),
      let day = number(text[8..<10])
    else { throw UnreadableValue("not a day, as in 2026-11-21") }
    guard (1970...2999).contains(year) else { throw UnreadableValue("out of range") }
    let isDay = (1...12).contains(month) && (1...31).contains(day)
    let days = isDay ? count(year, month, day) : 0
    // The 30th of February comes back as a day of March.
    let date = CivilDate(daysSince1970: max(0, days))
    guard isDay, date.year == year, date.month == month, date.day == day else {
      throw UnreadableValue("no such day")
    }
    return days
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var number = 0
    for byte in digits {
      guard byte >= 0x30 && byte <= 0x39 else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number
  }

  /// Counted from the first of March, as `CivilDate` does.
  private static func count(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let yearFromMarch = month > 2 ? year : year - 1
    let monthFromMarch = (month + 9) % 12
    let leapDays = yearFromMarch / 4 - yearFromMarch / 100 + yearFromMarch / 400
    return yearFromMarch * 365 + leapDays + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
  }

  static func append(to sink: inout [UInt8], _ days: Int) {
    let date = CivilDate(daysSince1970: days)
    sink.append(decimal: date.year)
    sink.append(date.month < 10 ? "-0" : "-")
    sink.append(decimal: date.month)
    sink.append(date.day < 10 ? "-0" : "-")
    sink.append(decimal: date.day)
  }
}
