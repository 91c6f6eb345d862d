import HTTP
import Memory
import TestSupport
import Testing

@Suite struct ChunkedBodyTests {
  @Test(arguments: [
    ("0\r\n\r\n", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello"),
    ("5\r\nhello\r\n6\r\n world\r\n000\r\n\r\n", "hello world"),
    ("A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789"),
    ("0005\r\nhello\r\n0\r\n\r\n", "hello"), ("5;a=b\r\nhello\r\n0;c\r\n\r\n", "hello"),
    ("5 ; a=\"b c\"\r\nhello\r\n0\r\n\r\n", "hello"),
    ("5\r\n\r\n\0\r\n\r\n0\r\n\r\n", "\r\n\0\r\n"),
    ("1\r\na\r\n0\r\nVary: *\r\nX:\r\n\r\n", "a"),
  ])
  func isDecodedAtEverySplit(_ text: String, _ expected: String) {
    let size = text.utf8.count
    for split in 0...size {
      let result = decode(text + "next", pieces: [split, size + 4])
      #expect(result.text == expected && result.consumed == size)
    }
    #expect(decode(text, pieces: Array(0...size)).text == expected)
    for split in 0..<size { #expect(decode(text, pieces: [split]).outcome.isWaiting) }
  }

  @Test(arguments: [
    ("\r\n", RequestError.chunk), (" 5\r\n", .chunk), ("5 \r\n", .chunk), ("-5\r\n", .chunk),
    ("+5\r\n", .chunk), ("0x5\r\n", .chunk), ("5_0\r\n", .chunk), (";a\r\n", .chunk),
    ("5\n", .chunk), ("5\rx", .chunk), ("5;a\rb\r\n", .chunk), ("5;\0\r\n", .chunk),
    ("5\r\nhelloX", .chunk), ("5\r\nhello\rX", .chunk), ("5\r\nhello0\r\n\r\n", .chunk),
    ("g\r\n", .chunk), ("5;" + String(repeating: "a", count: 200), .chunk),
    (String(repeating: "0", count: 200), .chunk),
    ("65\r\n", .bodyTooLarge), ("FFFFFFFFFFFFFFFF\r\n", .bodyTooLarge),
    ("10000000000000000000000005\r\n", .bodyTooLarge),
    ("3\r\nabc\r\n62\r\n", .bodyTooLarge),
    ("0\r\nX : 1\r\n\r\n", .spaceBeforeColon), ("0\r\n X: 1\r\n\r\n", .lineFolding),
    ("0\r\nX: 1\n\r\n", .chunk), ("0\r\nX\r\n\r\n", .fieldName),
    ("0\r\nHost: a\r\n\r\n", .trailer), ("0\r\nContent-Length: 1\r\n\r\n", .trailer),
    ("0\r\nTransfer-Encoding: chunked\r\n\r\n", .trailer),
    ("0\r\nAuthorization: Bearer a\r\n\r\n", .trailer),
    ("0\r\nX: " + String(repeating: "a", count: 2000), .trailersTooLarge),
    ("0\r\n" + String(repeating: "X: 1\r\n", count: 300), .trailersTooLarge),
  ])
  func isRefusedAtOnceAndInPieces(_ text: String, _ error: RequestError) {
    #expect(decode(text, pieces: [text.utf8.count]).outcome.error == error)
    #expect(decode(text, pieces: Array(0...text.utf8.count)).outcome.error == error)
  }

  @Test func theLimitIsTheDecodedSize() {
    let body = String(repeating: "1\r\na\r\n", count: 100)
    #expect(decode(body + "0\r\n\r\n", pieces: [611]).text?.utf8.count == nil)
    #expect(decode(body + "0\r\n\r\n", pieces: [605]).text?.utf8.count == 100)
    #expect(decode(body + "1\r\n", pieces: [603]).outcome.error == .bodyTooLarge)
  }

  @Test func randomBytesNeverTrap() {
    var random = SplitMix64(seed: 4)
    let pieces = ["0", "1", "2", "a", ";", ":", " ", "\r\n", "\r\n", "\r\n", "\r", "\n", "\0"]
    var (done, refused) = (0, 0)
    for _ in 0..<50_000 {
      let bytes = (0..<Int.random(in: 0...12, using: &random)).flatMap { _ in
        Array(pieces.randomElement(using: &random)!.utf8)
      }
      let size = bytes.count
      let whole = decode(bytes, pieces: [size]).outcome
      #expect("\(whole)" == "\(decode(bytes, pieces: Array(0...size)).outcome)")
      if whole.value != nil { done += 1 }
      if whole.error != nil { refused += 1 }
    }
    #expect(done > 10 && refused > 1000)
  }

  private struct Result {
    var outcome = Outcome<Int>.needMore
    var text: String?
    var consumed = 0
  }

  private func decode(_ text: String, pieces: [Int]) -> Result {
    decode(Array(text.utf8), pieces: pieces)
  }

  /// Shows a body of at most 100 bytes prefixes of growing size, as a connection does.
  private func decode(_ bytes: [UInt8], pieces: [Int]) -> Result {
    var bytes = bytes
    var body = ChunkedBody(maximum: 100)
    var result = Result()
    for size in pieces where result.outcome.isWaiting && size <= bytes.count {
      var received = Array(bytes[..<size])
      var span = received.mutableSpan
      var raw = span.mutableBytes
      result.outcome = outcome { () throws(RequestError) in try body.decode(&raw) }
      bytes.replaceSubrange(..<size, with: received)
    }
    if case .done(let length, let consumed) = result.outcome {
      result.text = String(decoding: bytes[..<length], as: UTF8.self)
      result.consumed = consumed
    }
    return result
  }
}
