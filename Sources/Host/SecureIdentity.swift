#if TLS
import CTLS
import Memory

/// A certificate with its chain and key, and the authorities that clients' certificates come from.
///
/// A handshake that has begun keeps it alive; the key is wiped with it.
@safe public struct SecureIdentity: ~Copyable {
  let pointer: OpaquePointer

  /// All of them hold PEM.
  ///
  /// - Parameters:
  ///   - certificates: the server's own first.
  ///   - authorities: without any bytes when no client is asked for a certificate.
  ///   - isRequired: whether a client without one is refused, too.
  public init(
    certificates: borrowing SecretFile, key: borrowing SecretFile,
    authorities: borrowing SecretFile, isRequired: Bool
  ) throws(IdentityError) {
    var found: OpaquePointer?
    let status = unsafe ctls_identity_read(
      &found, certificates.start, key.start, key.count,
      authorities.count > 0 ? UnsafeRawPointer(authorities.start) : nil, isRequired ? 1 : 0)
    guard status == 0, let found = unsafe found else { throw SecureIdentity.error(status) }
    unsafe pointer = found
  }

  deinit { unsafe ctls_identity_release(pointer) }

  private static func error(_ status: Int32) -> IdentityError {
    switch Int(status) {
    case Int(CTLS_NO_CERTIFICATE): .noCertificate
    case Int(CTLS_NO_KEY): .noKey
    case Int(CTLS_LOCKED_KEY): .lockedKey
    case Int(CTLS_SHORT_KEY): .shortKey
    case Int(CTLS_UNSUITABLE_KEY): .unsuitableKey
    case Int(CTLS_FOREIGN_KEY): .foreignKey
    case Int(CTLS_NO_AUTHORITY): .noAuthority
    case Int(CTLS_LONG_CHAIN): .longChain
    case Int(CTLS_NO_RANDOM): .noRandom
    case Int(CTLS_KEY_ALONE): .keyAlone
    case Int(CTLS_UNSUITABLE_CERTIFICATE): .unsuitableCertificate
    case Int(CTLS_CERTIFICATE_ALONE): .certificateAlone
    case Int(CTLS_DISORDER): .disorder
    default: .noMemory
    }
  }

  /// Unix seconds.
  public var begins: Int64 { unsafe ctls_identity_begins(pointer) }
  public var ends: Int64 { unsafe ctls_identity_ends(pointer) }

  /// Whom it is for, as in `CN=gateway.local`.
  public var subject: [UInt8] {
    var text = [UInt8](repeating: 0, count: 256)
    let count = unsafe text.withUnsafeMutableBufferPointer {
      unsafe ctls_identity_subject(pointer, $0.baseAddress!, $0.count)
    }
    return Array(text.prefix(max(0, Int(count))))
  }
}
#endif
