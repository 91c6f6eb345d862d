import Foundation
import JSON
import Memory
import TestSupport
import Testing

/// What the reader makes of `text` when asked for a number.
func number(_ text: String) throws(JSONError) -> Double {
  let bytes = Array(text.utf8)
  var reader = JSONReader(bytes.span.bytes)
  let value = try reader.readNumber()
  try reader.end()
  return value
}

/// The same by the read that passes over what is none; twice, so that one stands amid others and
/// one next to the end.
func numbersOrSkip(_ text: String) throws(JSONError) -> [Double?] {
  let bytes = Array("[\(text),\(text)]".utf8)
  var reader = JSONReader(bytes.span.bytes)
  var values: [Double?] = []
  try reader.beginArray()
  while try reader.nextElement() { values.append(try reader.readNumberOrSkip()) }
  try reader.end()
  return values
}

@Suite struct DecimalNumberTests {
  /// `strtod` of the C library rounds correctly: it is the judge.
  func expectNearest(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let expected = strtod(text, nil)
    do throws(JSONError) {
      let value = try number(text)
      #expect(value.bitPattern == expected.bitPattern, "\(text)", sourceLocation: sourceLocation)
      let values = try numbersOrSkip(text)
      #expect(
        values.map { $0?.bitPattern } == [value.bitPattern, value.bitPattern], "\(text)",
        sourceLocation: sourceLocation)
    } catch {
      #expect(!expected.isFinite, "\(text)", sourceLocation: sourceLocation)
      #expect(error == .numberOutOfRange(at: 0), "\(text)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    "0", "-0", "-0.0", "0e5", "0e-999999999999", "0e999999999999", "1", "-9.81", "0.123456",
    "1699999999.123", "9007199254740992", "9007199254740993", "9007199254740995",
    "1e22", "1e23", "123e-22", "123e-23", "8.5e22", "18446744073709551615", "18446744073709551616",
    "99999999999999999999", "-0.30000001192092896", "0.1234567890123456789012345",
    "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308",
    "17976931348623157e292", "1e309", "-1e309", "1e999999999999999999", "1e-999999999999999999",
    "2.2250738585072014e-308", "2.2250738585072011e-308", "2.225073858507201e-308",
    "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "1e-400",
    "0.000000000000000000000000000000000000000000000000000000000000000000000000000000001e81",
  ]) func known(text: String) { expectNearest(text) }

  /// Digits right at, a little above and a little below the middle between two doubles.
  @Test func halfway() {
    for pattern: UInt64 in [
      1, 2, 0x000F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000, 0x3FF0_0000_0000_0000,
      0x3FF0_0000_0000_0001, 0x4340_0000_0000_0001, 0x7FEF_FFFF_FFFF_FFFE, 0x7FEF_FFFF_FFFF_FFFF,
    ] {
      let tie = exactMiddle(above: Double(bitPattern: pattern))
      expectNearest(tie)
      let parts = tie.split(separator: "e")
      expectNearest(parts[0] + "0000000001e" + parts[1])
      expectNearest(parts[0] + String(repeating: "0", count: 900) + "1e" + parts[1])
      var below = Array(parts[0].utf8)
      below[below.count - 1] -= 1
      expectNearest(String(decoding: below, as: UTF8.self) + "999999e" + parts[1])
    }
  }

  @Test func zerosOfEveryExponent() {
    for exponent in 0...40 {
      for zero in ["0", "-0.0", "0.000"] { expectNearest("\(zero)e-\(exponent)") }
    }
  }

  /// As sensors write them: short, and without an exponent.
  @Test func plainOnesAtRandom() {
    var random = SplitMix64(seed: 21)
    for whole in 0...17 {
      for decimals in 0...17 {
        for _ in 0..<20 {
          var text = random.next() % 2 == 0 ? "-" : ""
          text += whole == 0 ? "0" : "\(random.next() % 9 + 1)"
          for _ in 1..<max(1, whole) { text += "\(random.next() % 10)" }
          if decimals > 0 { text += "." }
          for _ in 0..<decimals { text += "\(random.next() % 10)" }
          expectNearest(text)
        }
      }
    }
  }

  @Test(arguments: [
    "-", "01", "-01.5", "00.25", "1.", "1.,5", "1.e5", "-.5", ".5", "1.5.5", "1.12345678.",
    "12345678.12345678x", "0x10", "1-", "--1", "1e", "1.5e+", "1.1234567x",
  ]) func noNumbers(text: String) {
    #expect(throws: JSONError.self) { try numbersOrSkip(text) }
  }

  @Test func whatIsBeyondAllNumbersIsSkipped() throws {
    let values = try numbersOrSkip("1e309")
    #expect(values == [nil, nil])
  }

  @Test func manyAtRandom() {
    var random = SplitMix64(seed: 20)
    for _ in 0..<20_000 {
      let double = Double(bitPattern: random.next())
      if double.isFinite { expectNearest("\(double)") }
      let digits = Int(random.next() % 40) + 1
      var text = random.next() % 2 == 0 ? "-" : ""
      for index in 0..<digits {
        text += index == 0 ? "\(random.next() % 9 + 1)" : "\(random.next() % 10)"
        if index == 0, digits > 1 { text += "." }
      }
      expectNearest(text + "e\(Int(random.next() % 700) - 350)")
    }
  }

  /// All decimal digits of the point in the middle between `value` and the next double.
  private func exactMiddle(above value: Double) -> String {
    // 2 × significand + 1, times 2^exponent.
    let field = Int(value.bitPattern >> 52)
    let fraction = value.bitPattern & (1 << 52 - 1)
    var digits = decimal(2 * (field == 0 ? fraction : fraction | 1 << 52) + 1)
    let exponent = max(field, 1) - 1076
    for _ in 0..<abs(exponent) { digits = times(digits, exponent < 0 ? 5 : 2) }
    let text = digits.reversed().map { String($0) }.joined()
    return "\(text.prefix(1)).\(text.dropFirst())e\(text.count - 1 + min(exponent, 0))"
  }

  private func decimal(_ value: UInt64) -> [Int] { "\(value)".reversed().map { Int(String($0))! } }

  private func times(_ digits: [Int], _ factor: Int) -> [Int] {
    var carry = 0
    var product = digits.map { digit in
      carry += digit * factor
      defer { carry /= 10 }
      return carry % 10
    }
    while carry > 0 {
      product.append(carry % 10)
      carry /= 10
    }
    return product
  }
}
