import Foundation
import JSON
import Testing

@Suite struct ByteWriterTimestampsTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1_234_567_890_123, "2009-02-13T23:31:30.123Z"),
    (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
    (951_868_800_000, "2000-03-01T00:00:00.000Z"), (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
    (1_735_603_200_000, "2024-12-31T00:00:00.000Z"),
    (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
    (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (68_169_600_000, "1972-02-29T00:00:00.000Z"),
    (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
  ]) func known(milliseconds: Int64, expected: String) {
    #expect(
      written { $0.timestamp(milliseconds: milliseconds, .milliseconds) } == "\"\(expected)\"")
    #expect(
      written { $0.timestamp(milliseconds: milliseconds, .seconds) }
        == "\"\(expected.prefix(19))Z\"")
  }

  /// Every day of two cycles of leap years, judged by the calendar of the C library.
  @Test func everyDay() {
    for day in 0..<(2 * 146_097) {
      var seconds = time_t(day) * 86_400
      var parts = tm()
      gmtime_r(&seconds, &parts)
      let date = written { $0.timestamp(milliseconds: Int64(seconds) * 1000, .seconds) }
      var expected = [CChar](repeating: 0, count: 32)
      strftime(&expected, 32, "\"%Y-%m-%dT00:00:00Z\"", &parts)
      let isSame = date.utf8.elementsEqual(expected.prefix { $0 != 0 }.map { UInt8($0) })
      if !isSame { Issue.record("day \(day): \(date)") }
    }
  }
}
