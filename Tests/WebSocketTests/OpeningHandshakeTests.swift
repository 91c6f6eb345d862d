import Memory
import Testing
import WebSocket

@Suite struct OpeningHandshakeTests {
  private func isValid(_ key: String) -> Bool {
    OpeningHandshake.isValid(key: Array(key.utf8).span.raw)
  }

  @Test func theKeyOfTheStandardIsHashedWithItsGUIDAndEncoded() {
    var hashed: [UInt8] = []
    // The digest that RFC 6455, section 1.3 gives for its own key.
    let digest: OpeningHandshake.Digest = [
      0xB3, 0x7A, 0x4F, 0x2C, 0xC0, 0x62, 0x4F, 0x16, 0x90, 0xF6, 0x46, 0x06, 0xCF, 0x38, 0x59,
      0x45, 0xB2, 0xBE, 0xC4, 0xEA,
    ]
    let accept = OpeningHandshake.accept(key: Array("dGhlIHNhbXBsZSBub25jZQ==".utf8).span.raw) {
      bytes in
      hashed = (0..<bytes.byteCount).map { bytes[$0] }
      return digest
    }
    let text = String(decoding: (0..<28).map { accept[$0] }, as: UTF8.self)
    #expect(text == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    let input = "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    #expect(hashed == Array(input.utf8))
  }

  @Test func onlySixteenBytesInBase64AreAKey() {
    #expect(isValid("dGhlIHNhbXBsZSBub25jZQ=="))
    #expect(isValid("AAAAAAAAAAAAAAAAAAAAAA=="))
    for key in [
      "", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25jZR==",
      "dGhlIHNhbXBsZSBub25j*Q==", "dGhlIHNhbXBsZSBub25jZQAA", "dGhlIHNhbXBs=SBub25jZQ==",
    ] { #expect(!isValid(key), "\(key)") }
  }

  @Test func onlyVersionThirteenIsSpoken() {
    for version in ["13", "8", "013", "13 ", ""] {
      let isSupported = OpeningHandshake.isSupported(version: Array(version.utf8).span.raw)
      #expect(isSupported == (version == "13"), "\(version)")
    }
  }
}
