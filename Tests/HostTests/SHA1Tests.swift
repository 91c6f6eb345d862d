import Host
import Memory
import Testing

@Suite struct SHA1Tests {
  private func digest(_ text: String) -> String {
    let digest = sha1(Array(text.utf8).span.raw)
    return (0..<20).map { String(digest[$0] >> 4, radix: 16) + String(digest[$0] & 15, radix: 16) }
      .joined()
  }

  /// FIPS 180, the samples of its appendix.
  @Test func publishedSamples() {
    #expect(digest("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(
      digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
    #expect(digest("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
  }
}
