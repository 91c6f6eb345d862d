import Memory
import Testing

@testable import Tokens

@Suite struct Base64URLTests {
  private func decoded(_ text: String) -> [UInt8]? { Base64URL.decoded(Array(text.utf8).span.raw) }

  private func encoded(_ bytes: [UInt8]) -> String {
    String(decoding: Base64URL.encoded(bytes.span.raw), as: UTF8.self)
  }

  /// RFC 4648, section 10, without the padding.
  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
    ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
  ])
  func publishedSamples(plain: String, text: String) {
    #expect(encoded(Array(plain.utf8)) == text)
    #expect(decoded(text) == Array(plain.utf8))
    #expect(Base64URL.encodedCount(plain.utf8.count) == text.utf8.count)
    #expect(Base64URL.decodedCount(text.utf8.count) == plain.utf8.count)
  }

  @Test func everyByteComesBack() {
    for length in 0..<9 {
      for first in 0...255 {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: first &+ $0 &* 37) }
        #expect(decoded(encoded(bytes)) == bytes)
      }
    }
  }

  @Test(arguments: [
    "A", "AAAAA",  // no byte ends there
    "Zg==", "Zm8=", "Zg=",  // padding
    "Zm 9v", "Zm9v\n", " Zm9v", "Zm\r\n9v",  // white space
    "Zm+v", "Zm/v", "Zm.v", "Zmév", "Zm9v\0",  // another alphabet
    "Zh", "Zm9", "AB", "AAB",  // unused bits that are set
  ])
  func otherFormsAreRefused(text: String) { #expect(decoded(text) == nil) }

  @Test func theTwoCharactersOfItsOwn() {
    #expect(encoded([0xFB, 0xFF, 0xBF]) == "-_-_")
    #expect(decoded("-_-_") == [0xFB, 0xFF, 0xBF])
  }

  @Test func whatDoesNotFitIsRefused() {
    var writer = ByteWriter(capacity: 2)
    let isWhole = Base64URL.decode(Array("Zm9v".utf8).span.raw, into: &writer)
    #expect(!isWhole)
  }
}
