import Testing

@testable import HTTP

@Suite struct RawSpanScanTests {
  @Test func everyByteAtEveryPlaceIsAControlOrNot() {
    for byte in UInt8.min ... .max {
      for place in 0..<50 {
        var bytes = [UInt8](repeating: 0xC1, count: 50)
        bytes[place] = byte
        let isControl = (byte < 0x20 && byte != 0x09) || byte == 0x7F
        #expect(bytes.span.raw.firstControl(from: 0, to: 50) == (isControl ? place : 50))
      }
    }
  }

  @Test func everyByteAtEveryPlaceIsOfATokenOrNot() {
    let others = Set("\"(),/:;<=>?@[\\]{}".utf8)
    // A search for control characters comes before this one.
    for byte in 0x20...UInt8.max {
      for place in 0..<20 {
        var bytes = Array("Sec-WebSocket-KeySec-".utf8)
        bytes[place] = byte
        let isToken = byte > 0x20 && byte < 0x7F && !others.contains(byte)
        #expect(bytes.span.raw.tokenEnd(from: 0, to: 20) == (isToken ? 20 : place))
      }
    }
  }

  @Test func aSearchStaysInItsRange() {
    let bytes = Array("a\rbbbbbbbbbbbbbbbb\r".utf8)
    #expect(bytes.span.raw.firstControl(from: 2, to: 18) == 18)
    #expect(bytes.span.raw.firstControl(from: 2, to: 19) == 18)
    #expect(bytes.span.raw.tokenEnd(from: 2, to: 9) == 9)
  }
}
