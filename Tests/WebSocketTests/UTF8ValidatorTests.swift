import Memory
import TestSupport
import Testing
import WebSocket

@Suite struct UTF8ValidatorTests {
  /// The whole in one part, then in single bytes: both must agree.
  private func accepts(_ bytes: [UInt8]) -> Bool {
    var whole = UTF8Validator()
    let isWhole = whole.feed(bytes.span.raw) && whole.isComplete
    var single = UTF8Validator()
    var isSingle = true
    for byte in bytes where isSingle { isSingle = single.feed([byte].span.raw) }
    #expect(isWhole == (isSingle && single.isComplete))
    return isWhole
  }

  @Test(
    arguments: [
      [0x7F], [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF],
      [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
    ] as [[UInt8]])
  func theFirstAndLastOfEachLengthAreTaken(_ bytes: [UInt8]) { #expect(accepts(bytes)) }

  @Test(
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x7F], [0xC2, 0xC0],
      [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xE1, 0x80],
      [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF1, 0x80, 0x80], [0xFE], [0xFF],
    ] as [[UInt8]])
  func overlongSurrogateTornAndBeyondAreRefused(_ bytes: [UInt8]) { #expect(!accepts(bytes)) }

  @Test func everySplitOfAMixedTextIsTaken() {
    let text = Array("ASCII for more than thirty-two bytes, then äöü, 漢字, 🙂🙃 and ASCII again".utf8)
    for split in 0...text.count {
      var validator = UTF8Validator()
      let head = validator.feed(Array(text[..<split]).span.raw)
      let tail = validator.feed(Array(text[split...]).span.raw)
      #expect(head && tail && validator.isComplete, "split at \(split)")
    }
  }

  @Test func randomBytesAreJudgedAsTheStandardLibraryDoes() {
    var random = SplitMix64(seed: 3629)
    for _ in 0..<20_000 {
      let plain = "plain text in front of it, ".utf8
      var bytes = Array(plain.prefix(.random(in: 0...27, using: &random)))
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes.append(
          [0xC3, 0xA4, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80, 0x41, 0xED].randomElement(
            using: &random)!)
      }
      bytes += Array("and behind it words that are plain again".utf8)
        .prefix(.random(in: 0...40, using: &random))
      #expect(accepts(bytes) == (String(validating: bytes, as: UTF8.self) != nil))
    }
  }

  /// Amid plain text of any length, which is looked at in words.
  @Test func oneWrongByteIsFoundWhereverItStands() {
    for count in 1...80 {
      let plain = [UInt8](repeating: 0x41, count: count)
      #expect(accepts(plain) && UTF8Validator.isValid(plain.span.raw))
      for place in 0..<count {
        for wrong: UInt8 in [0x80, 0xC3, 0xFF] {
          var bytes = plain
          bytes[place] = wrong
          #expect(!accepts(bytes) && !UTF8Validator.isValid(bytes.span.raw), "\(place)/\(count)")
        }
      }
    }
  }
}
