import CMbedTLS
import Memory

/// A key of the curve P-256, and a certificate that is signed with it (RFC 5280).
///
/// Its DER is written here: what mbedTLS 2.28 writes has parameters where none may be, and strict
/// clients refuse it.
public struct NewCertificate {
  /// Both as PEM.
  public let key: [UInt8]
  public let certificate: [UInt8]
  /// The SHA-256 of the certificate's DER.
  public let fingerprint: InlineArray<32, UInt8>

  /// Names at most.
  public static var nameLimit: Int { 16 }

  /// - Parameters:
  ///   - names: 1 to `nameLimit`.
  ///   - from: seconds since 1970.
  ///   - until: the last second, at least `from`; nil when it shall never end.
  public init(
    names: [SubjectName], from: Int64, until: Int64?, random: inout Random
  ) throws(HostError) {
    precondition(!names.isEmpty && names.count <= NewCertificate.nameLimit)
    let (text, publicKey) = try NewCertificate.makeKey(random)
    let body = NewCertificate.body(
      names: names, serial: NewCertificate.serial(random.sixteenBytes()), from: from,
      until: until, publicKey: publicKey)
    let signature = try NewCertificate.sign(body, with: text, random)
    // A BIT STRING of whole bytes.
    let der = DER.sequence(body + NewCertificate.algorithm + DER.element(0x03, [0] + signature))
    key = Array(text.prefix { $0 != 0 })
    certificate = try NewCertificate.text(der)
    fingerprint = sha256(der.span.raw)
  }

  /// A key as PEM, with zero bytes behind it, and its public key.
  private static func makeKey(
    _ random: borrowing Random
  ) throws(HostError) -> (text: [UInt8], publicKey: [UInt8]) {
    var text = [UInt8](repeating: 0, count: Int(CMBEDTLS_KEY_CAPACITY))
    var publicKey = [UInt8](repeating: 0, count: Int(CMBEDTLS_PUBLIC_KEY_SIZE))
    let status = unsafe cmbedtls_make_key(random.state, &text, &publicKey)
    try HostError.check("make a key", status, from: .mbedTLS)
    return (text, publicKey)
  }

  private static func sign(
    _ body: [UInt8], with key: [UInt8], _ random: borrowing Random
  ) throws(HostError) -> [UInt8] {
    let text = Array(key.prefix { $0 != 0 }) + [0]
    var signature = [UInt8](repeating: 0, count: Int(CMBEDTLS_SIGNATURE_CAPACITY))
    let status = unsafe cmbedtls_sign(
      random.state, text, text.count, body, body.count, &signature)
    let count = try HostError.check("sign a certificate", status, from: .mbedTLS)
    return Array(signature.prefix(Int(count)))
  }

  private static func text(_ der: [UInt8]) throws(HostError) -> [UInt8] {
    // Four characters for three bytes, line ends, and the lines around them.
    var text = [UInt8](repeating: 0, count: der.count * 3 / 2 + 128)
    let status = unsafe cmbedtls_write_certificate(der, der.count, &text, text.count)
    try HostError.check("write a certificate", status, from: .mbedTLS)
    return Array(text.prefix { $0 != 0 })
  }
}
