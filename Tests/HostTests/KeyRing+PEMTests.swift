import Memory
import Testing

@testable import Host

@Suite struct KeyRingPEMTests {
  private func refused(_ text: String) -> KeyError? {
    let ring = TestRing()
    let bytes = Array(text.utf8)
    return ring.refusal { r throws(KeyError) in try r.add(pem: bytes.span.raw) }
  }

  private func labelled(_ label: String, _ end: String? = nil) -> String {
    "-----BEGIN \(label)-----\nAAAA\n-----END \(end ?? label)-----\n"
  }

  @Test func whatIsNoPublicKeyIsNamed() {
    #expect(refused("") == .noBlock)
    #expect(refused("a secret") == .noBlock)
    #expect(refused(labelled("PRIVATE KEY")) == .privateKey)
    #expect(refused(labelled("RSA PRIVATE KEY")) == .privateKey)
    #expect(refused(labelled("ENCRYPTED PRIVATE KEY")) == .privateKey)
    #expect(refused(labelled("CERTIFICATE")) == .certificate)
    #expect(refused(labelled("OPENSSH KEY")) == .unreadable)
    #expect(refused(labelled("PUBLIC KEY")) == .unreadable)
    #expect(refused(labelled("PUBLIC KEY", "CERTIFICATE")) == .unreadable)
    #expect(refused("-----BEGIN PUBLIC KEY-----\nAAAA\n") == .unreadable)
    #expect(refused("-----BEGIN PUBLIC") == .unreadable)
    #expect(refused("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY") == .unreadable)
  }

  @Test func weakAndForeignKeysAreRefused() {
    #expect(refused(TestKeys.weakRSA) == .tooShort)
    #expect(refused(TestKeys.bitcoin) == .unsuitable || refused(TestKeys.bitcoin) == .unreadable)
  }

  @Test func aPrivateKeyBehindAPublicOneIsSeen() {
    #expect(refused(TestKeys.p256 + "\n" + labelled("EC PRIVATE KEY")) == .privateKey)
    #expect(refused(TestKeys.p256) == nil)
  }
}
