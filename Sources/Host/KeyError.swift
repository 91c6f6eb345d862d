/// Why a key was not taken.
public enum KeyError: Error, Equatable, Sendable {
  case full
  case badSecret
  case unreadable
  case tooShort
  case unsuitable
  case privateKey
  case certificate
  case noBlock

  /// One line, which shows nothing of the key.
  public var message: StaticString {
    switch self {
    case .full: "more than 16 keys"
    case .badSecret: "a secret of 1 to 512 bytes is needed"
    case .unreadable: "no public key can be read from it"
    case .tooShort: "an RSA key of less than 2048 bits; take a longer one (RFC 7518, section 3.3)"
    case .unsuitable: "neither RSA of 2048 to 8192 bits nor EC of the curves P-256 and P-384"
    case .privateKey: "holds a private key, which has no place here; name the public one"
    case .certificate: "holds a certificate; name its public key (openssl x509 -pubkey)"
    case .noBlock: "holds no block BEGIN PUBLIC KEY"
    }
  }
}
