#if TLS
import Testing

@testable import Host

@Suite struct SecureIdentityTests {
  private func error(
    certificate: String = TestCertificates.certificate, key: String, authorities: String? = nil
  ) -> IdentityError? {
    do throws(IdentityError) {
      _ = try makeIdentity(certificate, key, authorities)
      return nil
    } catch {
      return error
    }
  }

  @Test func aCertificateAndItsKeyAreTakenTogether() throws {
    let identity = try makeIdentity()
    let (begins, ends) = (identity.begins, identity.ends)
    #expect(begins == 1_795_289_709)
    #expect(ends == 4_948_889_709)
    let subject = identity.subject
    #expect(String(decoding: subject, as: UTF8.self) == "CN=gateway.local")
    // Both may stand in one file, in either order.
    let both = TestCertificates.key + "\n" + TestCertificates.certificate
    #expect(error(certificate: both, key: both) == nil)
  }

  @Test func whatIsWrongIsNamed() {
    #expect(error(certificate: "", key: TestCertificates.key) == .noCertificate)
    #expect(error(certificate: "text", key: TestCertificates.key) == .noCertificate)
    #expect(error(key: "") == .noKey)
    #expect(error(key: "text") == .noKey)
    #expect(error(key: TestCertificates.certificate) == .certificateAlone)
    #expect(error(certificate: TestCertificates.key, key: TestCertificates.key) == .keyAlone)
    #expect(error(key: TestCertificates.otherKey) == .foreignKey)
    #expect(error(key: TestCertificates.lockedKey) == .lockedKey)
    #expect(error(key: TestCertificates.shortKey) == .shortKey)
    #expect(error(key: TestCertificates.largeKey) == .unsuitableKey)
    #expect(error(key: TestCertificates.key, authorities: "none") == .noAuthority)
    // A file that is being written must not let everybody in.
    #expect(error(key: TestCertificates.key, authorities: "") == .noAuthority)
    let cut = TestCertificates.certificate + TestCertificates.certificate.prefix(300)
    #expect(error(key: TestCertificates.key, authorities: cut) == .noAuthority)
    #expect(error(certificate: cut, key: TestCertificates.key) == .noCertificate)
    #expect(error(key: TestCertificates.key, authorities: TestCertificates.certificate) == nil)
  }

  @Test func everyErrorSaysWhichFileToLookAt() {
    #expect(IdentityError.noCertificate.part == .certificate)
    #expect(IdentityError.foreignKey.part == .key)
    #expect(IdentityError.noAuthority.part == .authority)
  }
}
#endif
