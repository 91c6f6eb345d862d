import Gateway
import Host
import Memory

#if TLS
/// The server's certificate as the settings name it; none when none is set.
struct Certificate: ~Copyable {
  private var identity: SecureIdentity?

  /// Bytes of the largest file of certificates.
  private static var fileLimit: Int { 256 << 10 }
  /// Seconds before its end from which on a certificate is warned of.
  private static var warningTime: Int64 { 30 * 86_400 }

  /// Reads the certificate, at start, at reload and to check it, and tells of it in the log.
  static func load(
    _ configuration: Configuration, _ log: inout Log
  ) throws(KeyFault) -> Certificate {
    let path = configuration.text(.tlsCertificateFile)
    guard !path.isEmpty else { return Certificate(identity: nil) }
    let keyPath = configuration.text(.tlsKeyFile)
    let authorityPath = configuration.text(.tlsClientAuthorityFile)
    // With both in one file that is read twice.
    let (keySource, keySetting): ([UInt8], StaticString) =
      keyPath.isEmpty ? (path, "TLS_CERT_FILE") : (keyPath, "TLS_KEY_FILE")
    let chain = try read(path, "TLS_CERT_FILE")
    let key = try read(keySource, keySetting)
    let authorities = try read(authorityPath, "TLS_CLIENT_CA_FILE")
    do throws(IdentityError) {
      let identity = try SecureIdentity(
        certificates: chain, key: key, authorities: authorities,
        isRequired: configuration.choice(.tlsClientAuth) == 1)
      tell(identity, path, keyPath: keySource, &log)
      return Certificate(identity: identity)
    } catch {
      let code = exitCode(error)
      let reason = error.message.bytes
      switch error.part {
      case .key: throw KeyFault(keySetting, keySource, reason, code)
      case .authority: throw KeyFault("TLS_CLIENT_CA_FILE", authorityPath, reason, code)
      case .certificate: throw KeyFault("TLS_CERT_FILE", path, reason, code)
      }
    }
  }

  private static func exitCode(_ error: IdentityError) -> ExitCode {
    switch error {
    case .noMemory: .memory
    case .noRandom: .system
    default: .configuration
    }
  }

  private init(identity: consuming SecureIdentity?) { self.identity = identity }

  /// No bytes when no file is named.
  private static func read(
    _ path: [UInt8], _ setting: StaticString
  ) throws(KeyFault) -> SecretFile {
    guard !path.isEmpty else { return SecretFile() }
    do throws(HostError) { return try SecretFile(path, limit: fileLimit) } catch {
      throw KeyFault(setting, path, error)
    }
  }

  private static func tell(
    _ identity: borrowing SecureIdentity, _ path: [UInt8], keyPath: [UInt8], _ log: inout Log
  ) {
    let now = Int64(clamping: Clock.wall / 1000)
    if log.begin(.info, "certificate", at: Clock.wall) {
      log.field("subject", words: identity.subject.span.raw)
      log.field("until", moment: identity.ends)
      Process.log(log.end())
    }
    let event: StaticString? =
      if identity.begins > now {
        "the certificate is not good yet"
      } else if identity.ends <= now {
        "the certificate is not good any longer"
      } else if identity.ends - now < warningTime {
        "the certificate ends soon"
      } else {
        nil
      }
    if let event, log.begin(.warning, event, at: Clock.wall) {
      log.field("file", path.span.raw)
      log.field("from", moment: identity.begins)
      log.field("until", moment: identity.ends)
      log.field("remedy", "renew it, then send SIGHUP; or set the clock")
      Process.log(log.end())
    }
    if File.isReadableByOthers(keyPath),
      log.begin(.warning, "everyone may read the key of the certificate", at: Clock.wall)
    {
      log.field("file", keyPath.span.raw)
      log.field("remedy", "chmod 600")
      Process.log(log.end())
    }
  }

  /// Takes the memory of TLS sessions.
  mutating func begin(
    on loop: inout EventLoop, _ limits: Limits, _ configuration: Configuration
  ) throws(HostError) {
    guard let identity = identity.take() else { return }
    let seconds = configuration.milliseconds(.tlsTicketLifetime) / 1000
    try loop.secure(
      SecureLimits(
        connections: limits.secureConnections, handshakes: limits.handshakes,
        handshakesPerTurn: configuration[.tlsHandshakesPerTurn],
        ticketLifetime: UInt32(seconds), writeWait: limits.writeWait),
      identity)
  }

  /// Shows this one to whoever comes from now on.
  mutating func renew(on loop: inout EventLoop) {
    if let identity = identity.take() { loop.renew(identity) }
  }

  /// Where TLS is listened for, nil when it is not.
  static func port(_ configuration: Configuration) -> Int? {
    configuration.text(.tlsCertificateFile).isEmpty ? nil : configuration[.tlsPort]
  }

  static var bytesPerSession: Int { EventLoop.bytesPerSession }
  static var bytesPerHandshake: Int { EventLoop.bytesPerHandshake }
}
#else
/// Stands where the trait is left out of the build: there is never one.
struct Certificate: ~Copyable {
  static func load(
    _ configuration: Configuration, _ log: inout Log
  ) throws(KeyFault) -> Certificate { Certificate() }

  mutating func begin(
    on loop: inout EventLoop, _ limits: Limits, _ configuration: Configuration
  ) throws(HostError) {}
  mutating func renew(on loop: inout EventLoop) {}
  static func port(_ configuration: Configuration) -> Int? { nil }
  static let bytesPerSession = 0
  static let bytesPerHandshake = 0
}
#endif
