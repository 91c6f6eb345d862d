/// Why a certificate was not taken, and which of its files has to be looked at.
public enum IdentityError: Error, Equatable, Sendable {
  case noCertificate, noKey, lockedKey, shortKey, unsuitableKey, foreignKey, noAuthority
  case longChain, keyAlone, certificateAlone, unsuitableCertificate, disorder
  // The machine's, which pass.
  case noMemory, noRandom

  public enum Part: Sendable { case certificate, key, authority }

  public var part: Part {
    switch self {
    case .noCertificate, .longChain, .keyAlone, .unsuitableCertificate, .disorder: .certificate
    case .noMemory, .noRandom: .certificate
    case .noKey, .lockedKey, .shortKey, .unsuitableKey, .foreignKey, .certificateAlone: .key
    case .noAuthority: .authority
    }
  }

  /// One line, which shows nothing of the key.
  public var message: StaticString {
    switch self {
    case .noCertificate: "no certificate can be read from it (PEM, BEGIN CERTIFICATE)"
    case .noKey: "no private key can be read from it (PEM, BEGIN PRIVATE KEY)"
    case .lockedKey: "its key needs a password; save it without (openssl pkey)"
    case .shortKey: "an RSA key of less than 2048 bits; take a longer one, or P-256"
    case .unsuitableKey: "neither RSA of 2048 to 8192 bits nor EC of the curves P-256 and P-384"
    case .foreignKey: "the key is not that of the certificate"
    case .noAuthority: "no certificate of an authority can be read from it (PEM)"
    case .longChain: "the certificate and those above it are too long together; leave out the root"
    case .keyAlone: "holds a private key and no certificate, which TLS_CERT_FILE names"
    case .certificateAlone: "holds a certificate and no private key, which TLS_KEY_FILE names"
    case .unsuitableCertificate:
      "a key or signature in it is of no kind that is taken: RSA, or EC of P-256 and P-384"
    case .disorder: "the certificate of the key has to be the first in it, then those above it"
    case .noMemory: "no memory to read it"
    case .noRandom: "the system gives no random bytes"
    }
  }
}
