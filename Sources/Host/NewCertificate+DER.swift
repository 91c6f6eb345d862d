import Memory

extension NewCertificate {
  /// What is signed (RFC 5280, section 4.1).
  ///
  /// - Parameters:
  ///   - publicKey: SubjectPublicKeyInfo of P-256, which ends with the point's 65 bytes.
  ///   - until: the last second; nil when it shall never end.
  static func body(
    names: [SubjectName], serial: [UInt8], from: Int64, until: Int64?, publicKey: [UInt8]
  ) -> [UInt8] {
    let name = commonName(names[0])
    let validity = DER.sequence(time(from) + time(until ?? lastSecond))
    let parts: [[UInt8]] = [
      [0xA0, 3, 0x02, 1, 2], DER.element(0x02, serial), algorithm, name, validity, name, publicKey,
      DER.element(0xA3, DER.sequence(extensions(names, publicKey))),
    ]
    return DER.sequence(parts.flatMap { $0 })
  }

  /// ecdsa-with-SHA256, which has no parameters (RFC 5758, section 3.2).
  static var algorithm: [UInt8] {
    DER.sequence([0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02])
  }

  /// Positive, and as long as it looks: its first byte is neither negative nor 0 (section 4.1.2.2).
  static func serial(_ random: InlineArray<16, UInt8>) -> [UInt8] {
    [random[0] & 0x7F | 0x40] + (1..<16).map { random[$0] }
  }

  /// Clients of today read the name elsewhere; a common name has room for 64 bytes (appendix A.1).
  private static func commonName(_ name: SubjectName) -> [UInt8] {
    let text = name.text.count <= 64 ? name.text : [UInt8]("martlet")
    let attribute = DER.sequence(DER.attribute(4, 3) + DER.element(0x0C, text))
    return DER.sequence(DER.element(0x31, attribute))
  }

  /// Of the year 9999: what never ends (section 4.1.2.5).
  private static var lastSecond: Int64 { 253_402_300_799 }

  /// UTCTime until 2049, GeneralizedTime from then on.
  private static func time(_ seconds: Int64) -> [UInt8] {
    // Wider than a board's `Int`.
    let (days, time) = seconds.quotientAndRemainder(dividingBy: 86_400)
    let date = CivilDate(daysSince1970: Int(days))
    let isShort = date.year < 2050
    var writer = ByteWriter(capacity: 15)
    writer.append(
      decimal: UInt64(isShort ? date.year % 100 : date.year), width: isShort ? 2 : 4)
    let second = Int(time)
    for part in [date.month, date.day, second / 3600, second / 60 % 60, second % 60] {
      writer.append(decimal: UInt64(part), width: 2)
    }
    writer.append("Z")
    let bytes = writer.bytes
    return DER.element(isShort ? 0x17 : 0x18, (0..<bytes.byteCount).map { bytes[$0] })
  }

  /// Phones take into their list of trusted ones only what says that it is an authority; so this
  /// one does, and names all that it may vouch for: its own names. Those bounds ought to be
  /// critical (section 4.2.1.10), but mbedTLS refuses what is critical and unknown to it.
  private static func extensions(_ names: [SubjectName], _ publicKey: [UInt8]) -> [UInt8] {
    // An authority with none below it; digitalSignature and keyCertSign; serverAuth.
    let constraints: [UInt8] = [0x30, 6, 0x01, 1, 0xFF, 0x02, 1, 0]
    let usage: [UInt8] = [0x03, 2, 2, 0x84]
    let purpose: [UInt8] = [0x30, 10, 0x06, 8, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01]
    return added(19, isCritical: true, constraints)
      + added(15, isCritical: true, usage)
      + added(14, isCritical: false, DER.element(0x04, identifier(publicKey)))
      + added(37, isCritical: false, purpose)
      + added(17, isCritical: false, SubjectName.alternatives(names))
      + added(30, isCritical: false, SubjectName.bounds(names))
  }

  /// One extension, id-ce and a number.
  private static func added(_ number: UInt8, isCritical: Bool, _ value: [UInt8]) -> [UInt8] {
    let critical: [UInt8] = isCritical ? [0x01, 1, 0xFF] : []
    return DER.sequence(DER.attribute(29, number) + critical + DER.element(0x04, value))
  }

  /// 160 bits of the point's SHA-256 (RFC 7093, section 2).
  private static func identifier(_ publicKey: [UInt8]) -> [UInt8] {
    let digest = sha256(Array(publicKey.suffix(65)).span.raw)
    return (0..<20).map { digest[$0] }
  }
}
