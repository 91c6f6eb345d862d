import Testing

@testable import Gateway

@Suite struct SettingKindTests {
  private func read(_ kind: SettingKind, _ text: String) -> (value: SettingValue?, fault: String) {
    do throws(UnreadableValue) {
      return (try kind.ranged(kind.parse(Array(text.utf8))), "")
    } catch {
      return (nil, "\(error.reason)")
    }
  }

  private func expect(_ kind: SettingKind, _ text: String, _ value: SettingValue) {
    #expect(read(kind, text) == (value, ""), "\(text)")
  }

  private func expect(_ kind: SettingKind, _ text: String, refused reason: String) {
    #expect(read(kind, text) == (nil, reason), "\(text)")
  }

  @Test func flags() {
    for text in ["true", "1", "yes", "on", "TRUE", "Yes"] { expect(.flag, text, .flag(true)) }
    for text in ["false", "0", "no", "off", "False"] { expect(.flag, text, .flag(false)) }
    for text in ["", "2", "y", "truex", " true"] {
      expect(.flag, text, refused: "neither true nor false")
    }
  }

  @Test func numbers() {
    let kind = SettingKind.number(1...300, of: "things")
    expect(kind, "1", .number(1))
    expect(kind, "0300", .number(300))
    expect(kind, "0", refused: "out of range")
    expect(kind, "301", refused: "out of range")
    expect(kind, "18446744073709551617", refused: "out of range")
    expect(kind, "", refused: "empty")
    for text in ["-1", "+1", "1.5", "0x10", "1k", " 1", "1 "] {
      expect(kind, text, refused: "not a whole number")
    }
  }

  @Test func sizes() {
    let kind = SettingKind.size(1...4 << 20)
    expect(kind, "512", .number(512))
    expect(kind, "1k", .number(1024))
    expect(kind, "8K", .number(8192))
    expect(kind, "4M", .number(4 << 20))
    expect(kind, "5M", refused: "out of range")
    expect(kind, "0k", refused: "out of range")
    expect(kind, "9223372036854775807M", refused: "out of range")
    for text in ["", "k", "1m", "1.5k", "1kB", "1 k", "-1"] {
      expect(kind, text, refused: "not a size, as in 512, 8k or 4M")
    }
  }

  @Test func durations() {
    let kind = SettingKind.duration(0...86_400_000)
    expect(kind, "10s", .milliseconds(10_000))
    expect(kind, "1m30s", .milliseconds(90_000))
    expect(kind, "500ms", .milliseconds(500))
    expect(kind, "1.5h", .milliseconds(5_400_000))
    expect(kind, "1h2m3s4ms", .milliseconds(3_723_004))
    expect(kind, ".5s", .milliseconds(500))
    expect(kind, "1.s", .milliseconds(1000))
    expect(kind, "0", .milliseconds(0))
    expect(kind, "0s", .milliseconds(0))
    expect(kind, "24h1ms", refused: "out of range")
    expect(kind, "999999999999h", refused: "out of range")
    expect(kind, "1234567890123ms", refused: "has too many digits")
    expect(kind, "1.0005s", refused: "not whole milliseconds")
    expect(kind, "", refused: "empty")
    for text in ["10", "1m30", "1.5"] {
      expect(kind, text, refused: "a duration needs a unit, as in 10s")
    }
    for text in ["1us", "1000000ns", "1d", "1S", "10 s", "1µs", "1s "] {
      expect(kind, text, refused: "has a unit other than h, m, s and ms")
    }
    for text in ["s", "-1s", "+1s", ".s", "1.2.3s", "ten"] {
      expect(kind, text, refused: "not a duration, as in 10s or 1m30s")
    }
  }

  @Test func dates() {
    expect(.date, "1970-01-01", .number(0))
    expect(.date, "1970-03-01", .number(59))
    expect(.date, "2000-02-29", .number(11_016))
    expect(.date, "2026-11-21", .number(20_778))
    expect(.date, "2999-12-31", .number(376_199))
    for text in ["1969-12-31", "3000-01-01", "0000-01-01"] {
      expect(.date, text, refused: "out of range")
    }
    for text in [
      "2026-02-29", "2100-02-29", "2026-04-31", "2026-00-01", "2026-13-01", "2026-01-00",
    ] {
      expect(.date, text, refused: "no such day")
    }
    for text in ["", "2026", "2026-1-01", "21.11.2026", "2026/11/21", "2026-11-21 ", "2026-11-2x"] {
      expect(.date, text, refused: "not a day, as in 2026-11-21")
    }
  }

  @Test func everyDayComesBackAsItWasWritten() throws {
    for days in 0...376_199 where days % 7 == 0 {
      var text: [UInt8] = []
      SettingKind.date.append(.number(days), to: &text)
      #expect(try SettingKind.date.parse(text) == .number(days))
    }
  }

  @Test func choices() {
    let kind = SettingKind.choice(["error", "info"])
    expect(kind, "error", .choice(0))
    expect(kind, "Info", .choice(1))
    for text in ["", "inf", "infos"] { expect(kind, text, refused: "no such choice") }
  }

  @Test func texts() {
    expect(.text(1...3), "a é", refused: "out of range")
    expect(.text(1...3), "é*", .text(Array("é*".utf8)))
    expect(.text(1...3), "", refused: "out of range")
    expect(.text(1...3), "a\n", refused: "holds a control character")
    expect(.secret(8...16), "", .text([]))
    expect(.secret(8...16), "1234567", refused: "out of range")
    expect(.secret(8...16), "12345678", .text(Array("12345678".utf8)))
    expect(.file, "/a b", .text(Array("/a b".utf8)))
    expect(.file, "a\u{0}", refused: "holds a control character")
  }

  @Test(arguments: [
    "0.0.0.0", "255.255.255.255", "::", "::1", "1::", "fe80::1%eth0", "1:2:3:4:5:6:7:8",
    "::ffff:192.0.2.1", "1:2:3:4:5:6:192.0.2.1", "2001:DB8::a:b", "1:2:3:4:5:6:7::",
    "127.0.0.1,::1",
  ])
  func addresses(text: String) { expect(.addresses, text, .text(Array(text.utf8))) }

  @Test func spacesAroundCommasAreTakenOut() {
    expect(.addresses, " 0.0.0.0 , :: ", .text(Array("0.0.0.0,::".utf8)))
  }

  @Test(arguments: [
    "", ",", "127.0.0.1,", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1..2.3",
    ":", ":::", "1:2", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8::",
    "1.2.3.4::", "::1%", "::1%a%b", "1.2.3.4:80", "[::1]", "1:2:3:4:5:6:7:1.2.3.4",
    ":1:2:3:4:5:6:7",
  ])
  func whatIsNoAddress(text: String) {
    expect(.addresses, text, refused: "holds something other than a numeric address")
  }
}
