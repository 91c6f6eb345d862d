import CMbedTLS
import Memory

/// A key of the curve P-256, and a certificate that is signed with it (RFC 5280).
public struct NewCertificate {
  /// Both as PEM.
  public let key: [UInt8]
  public let certificate: [UInt8]
  /// The SHA-256 of the certificate's DER.
  public let fingerprint: InlineArray<32, UInt8>

  /// Names at most.
  public static var nameLimit: Int { 16 }
  /// Bytes of a common name (RFC 5280, appendix A.1).
  private static var longestCommonName: Int { 64 }

  /// - Parameters:
  ///   - names: 1 to `nameLimit`.
  ///   - from: seconds since 1970.
  ///   - until: the last second, at least `from`; nil when it shall never end.
  public init(
    names: [SubjectName], from: Int64, until: Int64?, random: inout Random
  ) throws(HostError) {
    precondition(!names.isEmpty && names.count <= NewCertificate.nameLimit)
    // Who looks at the common name is older than clients of today; the names stand elsewhere.
    let common = names[0].text.count <= NewCertificate.longestCommonName
    let subject = Array("CN=".utf8) + (common ? names[0].text : Array("martlet".utf8))
    let (alternatives, bounds) = (SubjectName.alternatives(names), SubjectName.bounds(names))
    var key = [UInt8](repeating: 0, count: Int(CMBEDTLS_KEY_CAPACITY))
    var text = [UInt8](repeating: 0, count: Int(CMBEDTLS_CERTIFICATE_CAPACITY))
    var digest = [UInt8](repeating: 0, count: 32)
    let generator = unsafe random.state
    let status = unsafe File.terminated(subject).withUnsafeBufferPointer { subject in
      unsafe NewCertificate.time(from).withUnsafeBufferPointer { from in
        unsafe NewCertificate.time(until).withUnsafeBufferPointer { until in
          unsafe alternatives.withUnsafeBufferPointer { names in
            unsafe bounds.withUnsafeBufferPointer { bounds in
              var wish = unsafe cmbedtls_certificate_wish(
                subject: subject.baseAddress!, from: from.baseAddress!, until: until.baseAddress!,
                names: names.baseAddress!, names_count: names.count, bounds: bounds.baseAddress!,
                bounds_count: bounds.count)
              return unsafe cmbedtls_make_certificate(generator, &wish, &key, &text, &digest)
            }
          }
        }
      }
    }
    try HostError.check("make a certificate", min(status, 0), from: .mbedTLS)
    self.key = NewCertificate.line(key)
    certificate = NewCertificate.line(text)
    var fingerprint = InlineArray<32, UInt8>(repeating: 0)
    for place in 0..<32 { fingerprint[place] = digest[place] }
    self.fingerprint = fingerprint
  }

  /// The text before the zero byte.
  private static func line(_ text: [UInt8]) -> [UInt8] { Array(text.prefix { $0 != 0 }) }

  /// YYYYMMDDhhmmss, in UTC; what never ends, ends with the year 9999 (section 4.1.2.5).
  private static func time(_ seconds: Int64?) -> [CChar] {
    let (days, time) = Int(seconds ?? 253_402_300_799).quotientAndRemainder(dividingBy: 86_400)
    let date = CivilDate(daysSince1970: days)
    var writer = ByteWriter(capacity: 14)
    writer.append(decimal: UInt64(date.year), width: 4)
    for part in [date.month, date.day, time / 3600, time / 60 % 60, time % 60] {
      writer.append(decimal: UInt64(part), width: 2)
    }
    let bytes = writer.bytes
    return File.terminated((0..<bytes.byteCount).map { bytes[$0] })
  }
}
