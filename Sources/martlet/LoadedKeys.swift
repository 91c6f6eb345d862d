import Gateway
import Host
import Memory
import Tokens

/// The keys that tokens are checked with, the same number for the same key in both.
struct LoadedKeys: ~Copyable {
  var ring = KeyRing()
  private(set) var set = KeySet()

  /// The set, which may be taken once.
  mutating func takeSet() -> KeySet {
    var taken = KeySet()
    swap(&taken, &set)
    return taken
  }

  /// Bytes of the largest file of public keys.
  private static var fileLimit: Int { 64 << 10 }

  /// Reads every key that is configured, at start and at reload; without any it takes, or makes,
  /// the secret in the state directory.
  ///
  /// - Parameters:
  ///   - isReload: whether there are keys already, better than new ones that nobody knows.
  ///   - log: where warnings go.
  static func load(
    _ configuration: Configuration, environment: [[UInt8]], isReload: Bool, log: inout Log
  ) throws(KeyFault) -> LoadedKeys {
    var keys = try configured(configuration, &log)
    if keys.ring.count == 0 { try keys.addKept(environment, isReload: isReload, &log) }
    return keys
  }

  /// Reads every key that is configured, and forgets them.
  static func check(_ configuration: Configuration) throws(KeyFault) {
    var silent = Log(level: .error, isJSON: false, hasTime: false)
    _ = try configured(configuration, &silent)
  }

  private static func configured(
    _ configuration: Configuration, _ log: inout Log
  ) throws(KeyFault) -> LoadedKeys {
    var keys = LoadedKeys()
    if let secret = try Secret.configured(configuration) {
      let setting: StaticString = secret.path.isEmpty ? "JWT_SECRET" : "JWT_SECRET_FILE"
      try keys.add(secret, of: setting, &log)
    }
    try keys.addPublicKeys(configuration.text(.jwtPublicKeyFile))
    try keys.addKeySet(configuration.text(.jwtKeySetFile), &log)
    return keys
  }

  private mutating func add(
    _ secret: Secret, of setting: StaticString, _ log: inout Log
  ) throws(KeyFault) {
    do throws(KeyError) { try ring.add(secret: secret.bytes.span.raw) } catch {
      throw KeyFault(setting, secret.path, error)
    }
    try name(setting, secret.path)
    if secret.bytes.count < Secret.safeSize,
      log.begin(.warning, "the secret of tokens is short", at: Clock.wall)
    {
      log.field("setting", setting)
      log.field("bytes", secret.bytes.count)
      log.field("remedy", "take at least 32 random bytes (RFC 7518, section 3.2)")
      Process.log(log.end())
    }
    if !secret.path.isEmpty, File.isReadableByOthers(secret.path),
      log.begin(.warning, "everyone may read the secret of tokens", at: Clock.wall)
    {
      log.field("file", secret.path.span.raw)
      log.field("remedy", "chmod 600")
      Process.log(log.end())
    }
  }

  private mutating func addPublicKeys(_ path: [UInt8]) throws(KeyFault) {
    let setting: StaticString = "JWT_PUBLIC_KEY_FILE"
    guard !path.isEmpty else { return }
    let text = try LoadedKeys.read(path, setting)
    do throws(KeyError) { try ring.add(pem: text.span.raw) } catch {
      throw KeyFault(setting, path, error)
    }
    try name(setting, path)
  }

  private mutating func addKeySet(_ path: [UInt8], _ log: inout Log) throws(KeyFault) {
    let setting: StaticString = "JWT_JWKS_FILE"
    guard !path.isEmpty else { return }
    let text = try LoadedKeys.read(path, setting)
    let found: WebKeySet
    do throws(WebKeySetError) { found = try WebKeySet(text.span.raw) } catch {
      throw KeyFault(setting, path, error.message)
    }
    guard !found.keys.isEmpty else { throw KeyFault(setting, path, "holds no key for signatures") }
    for key in found.keys {
      do throws(KeyError) { try ring.add(key.material) } catch {
        throw KeyFault(setting, path, error)
      }
      try name(setting, path, key.kid, key.algorithms)
    }
    if found.skipped > 0, log.begin(.warning, "keys passed over", at: Clock.wall) {
      log.field("file", path.span.raw)
      log.field("keys", found.skipped)
      log.field("reason", "for encryption, of another kind, or lacking a part")
      Process.log(log.end())
    }
  }

  private mutating func addKept(
    _ environment: [[UInt8]], isReload: Bool, _ log: inout Log
  ) throws(KeyFault) {
    if let secret = LoadedKeys.kept(environment, &log) {
      return try add(secret, of: "STATE_DIRECTORY", &log)
    }
    guard !isReload else {
      throw KeyFault("STATE_DIRECTORY", [], "the secret that was kept there cannot be read")
    }
    let secret: Secret
    do throws(HostError) { secret = try Secret.forThisRun() } catch {
      throw KeyFault("JWT_SECRET", [], error)
    }
    try add(secret, of: "JWT_SECRET", &log)
  }

  private static func kept(_ environment: [[UInt8]], _ log: inout Log) -> Secret? {
    do throws(HostError) {
      if let secret = try Secret.kept(environment) { return secret }
      warn(("neither STATE_DIRECTORY nor HOME is set" as StaticString).bytes, &log)
    } catch {
      warn(error.reason, &log)
    }
    return nil
  }

  private static func warn(_ reason: RawSpan, _ log: inout Log) {
    if log.begin(.warning, "no secret can be kept, so nobody can make a token", at: Clock.wall) {
      log.field("reason", words: reason)
      log.field("remedy", "set JWT_SECRET_FILE, or STATE_DIRECTORY to a place to write to")
      Process.log(log.end())
    }
  }

  private static func read(
    _ path: [UInt8], _ setting: StaticString
  ) throws(KeyFault) -> [UInt8] {
    do throws(HostError) { return try File.read(path, limit: fileLimit) } catch {
      throw KeyFault(setting, path, error)
    }
  }

  /// Names, in the set, the keys that were added to the ring.
  private mutating func name(
    _ setting: StaticString, _ path: [UInt8], _ kid: ShortText = ShortText(),
    _ algorithms: AlgorithmSet? = nil
  ) throws(KeyFault) {
    while set.count < ring.count {
      let possible = AlgorithmSet(ring.kind(of: set.count))
      let fingerprint = ring.fingerprint(of: set.count)
      guard
        set.add(kid: kid, algorithms: algorithms ?? possible, fingerprint: fingerprint) != nil
      else {
        throw KeyFault(setting, path, KeyError.full)
      }
    }
  }
}
