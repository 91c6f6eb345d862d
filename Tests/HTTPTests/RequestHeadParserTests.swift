import HTTP
import Memory
import TestSupport
import Testing

@Suite struct RequestHeadParserTests {
  @Test(arguments: [
    ("GET / HTTP/1.1\nHost: a\r\n\r\n", RequestError.bareLineFeed),
    ("GET / HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
    ("GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
    ("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
    ("GET / HTTP/1.1\rHost: a\r\n\r\n", .bareCarriageReturn),
    ("GET / HTTP/1.1\r\nHost: a\rX: 1\r\n\r\n", .bareCarriageReturn),
    ("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", .bareCarriageReturn),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", .controlCharacter),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{7}\r\n\r\n", .controlCharacter),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{7F}\r\n\r\n", .controlCharacter),
    ("\u{16}\u{3}\u{1}", .controlCharacter),
    ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .requestLine),
    ("GET / HTTP/1.1\r\n\r\n", .missingHost),
    ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncoding),
  ])
  func isRefused(_ text: String, _ error: RequestError) {
    #expect(parse(text).error == error)
  }

  @Test func oneEmptyLineMayComeFirst() throws {
    let text = "\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n"
    #expect(text.at(try #require(parse(text).value).path) == "/x")
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true), ("GET / HTTP/1.0\r\n\r\n", false),
    ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false),
    ("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: y, CLOSE\r\n\r\n", false),
    ("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true),
    ("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false),
  ])
  func theConnectionIsKept(_ text: String, _ isKept: Bool) throws {
    #expect(try #require(parse(text).value).keepsConnection == isKept)
  }

  @Test func anOldClientGetsNoWebSocketAndNoContinue() throws {
    let lines = "\r\nConnection: upgrade\r\nUpgrade: websocket\r\nExpect: 100-continue\r\n\r\n"
    let old = try #require(parse("GET / HTTP/1.0" + lines).value)
    #expect(!old.asksForWebSocket && !old.expectsContinue)
    let new = try #require(parse("GET / HTTP/1.1\r\nHost: a" + lines).value)
    #expect(new.asksForWebSocket && new.expectsContinue)
  }

  @Test func aLongRequestLineIsRefusedBeforeItEnds() {
    let limits = RequestLimits(headSize: 1000, requestLineSize: 20, fieldCount: 9)
    let line = "GET /123456 HTTP/1.1"
    #expect(parse(line + "\r\nHost: a\r\n\r\n", within: limits).value != nil)
    #expect(parse(line + "\r", within: limits).isWaiting)
    #expect(parse(line + "1", within: limits).isWaiting)
    #expect(parse(line + "12", within: limits).error == .requestLineTooLong)
    #expect(parse(line + "1\r", within: limits).error == .requestLineTooLong)
    #expect(parse(line + "1\r\nHost: a\r\n\r\n", within: limits).error == .requestLineTooLong)
  }

  @Test func aLargeHeadIsRefusedBeforeItEnds() {
    let text = request("X: 1")
    let size = text.utf8.count
    let fits = RequestLimits(headSize: size, requestLineSize: 20, fieldCount: 9)
    let small = RequestLimits(headSize: size - 1, requestLineSize: 20, fieldCount: 9)
    #expect(parse(text + "body", within: fits).value != nil)
    #expect(parse(text, within: small).error == .headTooLarge)
    let part = Array(text.utf8.dropLast())
    #expect(parse(part, within: small).error == .headTooLarge)
    #expect(parse(part, within: fits).isWaiting)
  }

  @Test func fieldLinesAreCounted() {
    let limits = RequestLimits(headSize: 1000, requestLineSize: 20, fieldCount: 2)
    #expect(parse(request("X: 1"), within: limits).value != nil)
    #expect(parse(request("X: 1", "X: 2"), within: limits).error == .tooManyFields)
  }

  @Test func everyPrefixOfAHeadNeedsMore() {
    let bytes = Array(browserUpgrade.utf8)
    for size in 0..<bytes.count { #expect(parse(Array(bytes[..<size])).isWaiting) }
  }

  @Test func aParserGoesOnAtEverySplit() throws {
    let bytes = Array(browserUpgrade.utf8)
    let whole = try #require(parse(bytes).value)
    for size in 0..<bytes.count {
      var parser = RequestHeadParser()
      let first = outcome { () throws(RequestError) in
        try parser.parse(Array(bytes[..<size]).span.raw, within: wide)
      }
      #expect(first.isWaiting)
      let second = outcome { () throws(RequestError) in
        try parser.parse(bytes.span.raw, within: wide)
      }
      #expect(second.value.map { "\($0)" } == "\(whole)")
    }
  }

  /// Byte by byte or at once, limits included: the same head or the same error.
  @Test func theVerdictDoesNotDependOnThePieces() {
    var random = SplitMix64(seed: 1)
    let limits = RequestLimits(headSize: 700, requestLineSize: 110, fieldCount: 16)
    let base = Array(browserUpgrade.utf8)
    var (taken, refused) = (0, 0)
    for _ in 0..<3000 {
      let bytes = mutated(base, &random)
      let whole = parse(bytes, within: limits)
      var parser = RequestHeadParser()
      var dripped = Outcome<RequestHead>.needMore
      for size in 1...bytes.count where dripped.isWaiting {
        let prefix = Array(bytes[..<size])
        dripped = outcome { () throws(RequestError) in
          try parser.parse(prefix.span.raw, within: limits)
        }
      }
      #expect("\(dripped)" == "\(whole)")
      if whole.value != nil { taken += 1 }
      if whole.error != nil { refused += 1 }
    }
    #expect(taken > 100 && refused > 100)
  }

  @Test func randomBytesAreRefusedOrWaitedFor() {
    var random = SplitMix64(seed: 2)
    for _ in 0..<20_000 {
      let size = Int.random(in: 0...200, using: &random)
      let bytes = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      #expect(parse(bytes).value == nil)
    }
  }

  private func mutated(_ base: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    let special = Array("\r\n :\t\0%?/,;\"hHcC0\u{7F}".utf8)
    var bytes = base
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[place] = special.randomElement(using: &random)!
      case 1: bytes.insert(special.randomElement(using: &random)!, at: place)
      case 2: bytes.remove(at: place)
      default: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
      }
    }
    return bytes
  }
}
