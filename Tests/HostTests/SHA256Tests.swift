import Host
import Memory
import Testing

@Suite struct SHA256Tests {
  private func digest(_ text: String) -> String {
    let digest = sha256(Array(text.utf8).span.raw)
    return (0..<32).map { String(digest[$0] >> 4, radix: 16) + String(digest[$0] & 15, radix: 16) }
      .joined()
  }

  /// FIPS 180, the samples of its appendix.
  @Test func publishedSamples() {
    #expect(
      digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }
}
