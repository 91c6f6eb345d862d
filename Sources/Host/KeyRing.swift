import CMbedTLS
import Memory

/// The keys that check tokens: shared secrets and public keys, wiped when the ring goes.
@safe public struct KeyRing: ~Copyable {
  /// Keys at most.
  public static var capacity: Int { 16 }

  /// What a key is; each kind is good for other algorithms.
  public enum Kind: Sendable {
    case secret, rsa, p256, p384
  }

  public enum Curve: Sendable {
    case p256, p384

    fileprivate var size: Int { self == .p256 ? 32 : 48 }
  }

  private let keys: UnsafeMutableRawPointer
  private var kinds = InlineArray<16, Kind>(repeating: .secret)
  private var fingerprints = InlineArray<16, UInt64>(repeating: 0)
  public private(set) var count = 0

  public init() {
    unsafe keys = .allocate(byteCount: KeyRing.capacity * KeyRing.stride, alignment: 16)
    for number in 0..<KeyRing.capacity { unsafe cmbedtls_key_init(key(number)) }
  }

  deinit {
    for number in 0..<KeyRing.capacity { unsafe cmbedtls_key_free(key(number)) }
    unsafe keys.deallocate()
  }

  private static var stride: Int { (cmbedtls_key_size() + 15) & ~15 }

  private func key(_ number: Int) -> OpaquePointer {
    unsafe OpaquePointer(keys + number * KeyRing.stride)
  }

  public func kind(of number: Int) -> Kind {
    precondition(number >= 0 && number < count)
    return kinds[number]
  }

  /// What tells the key from any other: the start of a SHA-256 of what it was read from; not 0.
  public func fingerprint(of number: Int) -> UInt64 {
    precondition(number >= 0 && number < count)
    return fingerprints[number]
  }

  private static func fingerprint(_ parts: [UInt8]) -> UInt64 {
    let digest = sha256(parts.span.raw)
    return max(1, digest.span.raw.load(at: 0, as: UInt64.self))
  }

  private static func copy(_ bytes: RawSpan) -> [UInt8] {
    (0..<bytes.byteCount).map { bytes[$0] }
  }

  /// Bits of the secret, the modulus or the curve.
  public func bits(of number: Int) -> Int {
    precondition(number >= 0 && number < count)
    return Int(unsafe cmbedtls_key_bits(key(number)))
  }

  /// - Parameter secret: 1 to 512 bytes.
  public mutating func add(secret: RawSpan) throws(KeyError) {
    guard secret.byteCount > 0 else { throw .badSecret }
    guard count < KeyRing.capacity else { throw .full }
    let status = unsafe secret.withUnsafeBytes {
      unsafe cmbedtls_key_set_secret(key(count), bytes($0), $0.count)
    }
    guard status > 0 else { throw .badSecret }
    try finish(status, KeyRing.copy(secret))
  }

  /// Big-endian numbers, as a JWK has them.
  public mutating func add(rsa n: RawSpan, e: RawSpan) throws(KeyError) {
    guard n.byteCount > 0, e.byteCount > 0 else { throw .unreadable }
    guard count < KeyRing.capacity else { throw .full }
    let status = unsafe n.withUnsafeBytes { n in
      unsafe e.withUnsafeBytes { e in
        unsafe cmbedtls_key_set_rsa(key(count), bytes(n), n.count, bytes(e), e.count)
      }
    }
    try finish(status, KeyRing.copy(n) + KeyRing.copy(e))
  }

  /// A point, whose coordinates are as long as the curve's.
  public mutating func add(_ curve: Curve, x: RawSpan, y: RawSpan) throws(KeyError) {
    guard x.byteCount == curve.size, y.byteCount == curve.size else { throw .unreadable }
    guard count < KeyRing.capacity else { throw .full }
    let number = Int32(curve == .p256 ? CMBEDTLS_P256 : CMBEDTLS_P384)
    let status = unsafe x.withUnsafeBytes { x in
      unsafe y.withUnsafeBytes { y in
        unsafe cmbedtls_key_set_point(key(count), number, bytes(x), bytes(y))
      }
    }
    try finish(status, KeyRing.copy(x) + KeyRing.copy(y))
  }

  /// One PEM block of a public key, with a zero byte behind it; or DER, without.
  mutating func add(block: [UInt8]) throws(KeyError) {
    guard !block.isEmpty else { throw .unreadable }
    guard count < KeyRing.capacity else { throw .full }
    let status = unsafe block.withUnsafeBufferPointer {
      unsafe cmbedtls_key_set_pem(key(count), $0.baseAddress!, $0.count)
    }
    // However its lines are broken, it is the same key.
    try finish(status, block.filter { $0 > 0x20 })
  }

  /// Counts the key whose kind, or whose error, the shim returned.
  private mutating func finish(_ status: Int32, _ parts: [UInt8]) throws(KeyError) {
    switch Int(status) {
    case Int(CMBEDTLS_SECRET): kinds[count] = .secret
    case Int(CMBEDTLS_RSA): kinds[count] = .rsa
    case Int(CMBEDTLS_P256): kinds[count] = .p256
    case Int(CMBEDTLS_P384): kinds[count] = .p384
    default:
      // The place has to be as it was, for the next key.
      unsafe cmbedtls_key_free(key(count))
      unsafe cmbedtls_key_init(key(count))
      switch Int(status) {
      case Int(CMBEDTLS_TOO_SHORT): throw .tooShort
      case Int(CMBEDTLS_UNSUITABLE): throw .unsuitable
      default: throw .unreadable
      }
    }
    fingerprints[count] = KeyRing.fingerprint(parts)
    count += 1
  }

  /// Whether key `number` made the signature; false when it is not for the algorithm.
  ///
  /// - Parameter signature: in JOSE's form: an HMAC, an RSA signature, or r and s side by side.
  public func verify(
    key number: Int, algorithm: SignatureAlgorithm, signed: RawSpan, signature: RawSpan
  ) -> Bool {
    guard number >= 0, number < count, signature.byteCount > 0 else {
      return false
    }
    let status = unsafe withAddress(signed) { start in
      unsafe withAddress(signature) {
        unsafe cmbedtls_key_verify(
          key(number), algorithm.code, start, signed.byteCount, $0, signature.byteCount)
      }
    }
    return status == 0
  }

  /// - Parameter buffer: not empty.
  private func bytes(_ buffer: UnsafeRawBufferPointer) -> UnsafePointer<UInt8> {
    unsafe buffer.baseAddress!.assumingMemoryBound(to: UInt8.self)
  }
}
