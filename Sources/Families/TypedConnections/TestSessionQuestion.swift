import JSON
import Memory

/// The id of a question. A number and a string of the same digits are one question, which goes by
/// what it was called first.
struct TestSessionQuestion {
  /// 1 to 64 bytes.
  let text: ShortText
  let isNumber: Bool

  init(_ text: ShortText, isNumber: Bool = false) {
    self.text = text
    self.isNumber = isNumber
  }

  init(_ number: Int64) {
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var (place, rest) = (20, number.magnitude)
    repeat {
      place -= 1
      digits[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    } while rest > 0
    if number < 0 {
      place -= 1
      digits[place] = UInt8(ascii: "-")
    }
    text = ShortText(prefixOf: digits.span.raw.extracting(place..<20))
    isNumber = true
  }

  /// Whether the text is a whole number as `init` writes one.
  var isWholeNumber: Bool {
    do throws(JSONError) {
      var json = JSONReader(text.bytes)
      let number = try json.readInteger()
      try json.end()
      return TestSessionQuestion(number).text == text
    } catch {
      return false
    }
  }

  /// Bytes that it takes as the name of a member, with quotes, colon and a comma.
  var size: Int {
    var size = 4
    for offset in 0..<text.bytes.byteCount {
      switch text.bytes[offset] {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x08, 0x09, 0x0A, 0x0C, 0x0D: size += 2
      case 0..<0x20: size += 6
      default: size += 1
      }
    }
    return size
  }
}
