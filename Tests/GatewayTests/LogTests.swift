import Foundation
import Memory
import Testing

@testable import Gateway

@Suite struct LogTests {
  private func line(
    isJSON: Bool, hasTime: Bool = false, _ fields: (inout Log) -> Void = { _ in }
  ) -> String {
    var log = Log(level: .info, isJSON: isJSON, hasTime: hasTime)
    guard log.begin(.warning, "it happened", at: 1_700_000_000_123) else { return "" }
    fields(&log)
    return text(log.end())
  }

  @Test func aLineOfText() {
    #expect(line(isJSON: false) == "warning: it happened\n")
    #expect(
      line(isJSON: false, hasTime: true) == "2023-11-14T22:13:20.123Z warning: it happened\n")
    let full = line(isJSON: false) {
      $0.field("address", Array("::1".utf8).span.raw)
      $0.field("reason", "of ours")
      $0.field("count", -5)
      $0.field("until", moment: 1_700_000_000)
    }
    #expect(
      full == "warning: it happened address=::1 reason=\"of ours\" count=-5"
        + " until=2023-11-14T22:13:20Z\n")
  }

  @Test func aLineOfJSONIsAnObject() throws {
    let full = line(isJSON: true, hasTime: true) {
      $0.field("address", Array("a\"b\n".utf8).span.raw)
      $0.field("reason", "of ours")
      $0.field("count", -5)
    }
    #expect(full.hasSuffix("}\n") && full.count { $0 == "\n" } == 1)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(full.utf8)) as? [String: Any])
    #expect(object["time"] as? String == "2023-11-14T22:13:20.123Z")
    #expect(object["level"] as? String == "warning")
    #expect(object["event"] as? String == "it happened")
    #expect(object["address"] as? String == "a\"b\n")
    #expect(object["reason"] as? String == "of ours")
    #expect(object["count"] as? Int == -5)
  }

  /// No value passes for another field or another line.
  @Test func aValueStaysInItsField() {
    let odd = line(isJSON: false) {
      $0.field("address", Array("a b=c\n\"\u{1B}\u{7F}\r\tz".utf8).span.raw)
    }
    #expect(odd == "warning: it happened address=a?b=c??????z\n")
  }

  @Test(arguments: [false, true])
  func aLineEndsHoweverLongItsValues(isJSON: Bool) throws {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 2_000)
    let whole = line(isJSON: isJSON) {
      for _ in 0..<3 { $0.field("value", long.span.raw) }
    }
    #expect(whole.hasSuffix("\n"))
    if isJSON { _ = try JSONSerialization.jsonObject(with: Data(whole.utf8)) }
  }

  @Test func lessWeightyLinesAreLeftOut() {
    let levels: [LogLevel] = [.error, .warning, .info, .debug]
    for shown in levels {
      var log = Log(level: shown, isJSON: false, hasTime: false)
      for level in levels {
        let isWanted = log.begin(level, "x", at: 0)
        #expect(isWanted == (level.rawValue <= shown.rawValue))
      }
    }
  }
}
