import Memory

/// Whole numbers and sizes as an operator writes them.
enum NumberText {
  /// Decimal digits.
  static func number(_ text: [UInt8]) throws(UnreadableValue) -> Int {
    guard !text.isEmpty else { throw UnreadableValue("empty") }
    var number = 0
    for byte in text {
      guard byte >= 0x30 && byte <= 0x39 else { throw UnreadableValue("not a whole number") }
      number = try product(number, 10)
      let (sum, overflow) = number.addingReportingOverflow(Int(byte - 0x30))
      guard !overflow else { throw UnreadableValue("out of range") }
      number = sum
    }
    return number
  }

  /// Decimal digits and, when the size is not in bytes, `k` or `M`.
  static func bytes(_ text: [UInt8]) throws(UnreadableValue) -> Int {
    let factor: Int
    switch text.last {
    case UInt8(ascii: "k"), UInt8(ascii: "K"): factor = 1 << 10
    case UInt8(ascii: "M"): factor = 1 << 20
    default: factor = 1
    }
    let digits = factor == 1 ? text : Array(text.dropLast())
    let isNumber = !digits.isEmpty && digits.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    guard isNumber else { throw UnreadableValue("not a size, as in 512, 8k or 4M") }
    return try product(number(digits), factor)
  }

  /// Digits and the largest of `M`, `k` and nothing that says the same.
  static func appendBytes(to sink: inout [UInt8], _ bytes: Int) {
    if bytes > 0 && bytes % (1 << 20) == 0 {
      sink.append(decimal: bytes >> 20)
      sink.append("M")
    } else if bytes > 0 && bytes % (1 << 10) == 0 {
      sink.append(decimal: bytes >> 10)
      sink.append("k")
    } else {
      sink.append(decimal: bytes)
    }
  }

  private static func product(_ number: Int, _ factor: Int) throws(UnreadableValue) -> Int {
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow else { throw UnreadableValue("out of range") }
    return product
  }
}
