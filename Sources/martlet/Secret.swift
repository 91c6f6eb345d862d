import Gateway
import Host
import Memory
import Tokens

/// The secret of HMAC tokens, and where it came from.
struct Secret {
  /// Bytes of the largest one (JWT_SECRET takes no more either).
  static let maximumSize = 512
  /// Bytes below which it is weaker than its algorithm (RFC 7518, section 3.2).
  static let safeSize = 32

  let bytes: [UInt8]
  /// Of the file that it was read from, empty when there is none.
  let path: [UInt8]

  /// What JWT_SECRET or JWT_SECRET_FILE gives, nil when neither is set.
  static func configured(_ configuration: Configuration) throws(KeyFault) -> Secret? {
    let text = configuration.text(.jwtSecret)
    if !text.isEmpty { return Secret(bytes: text, path: []) }
    let path = configuration.text(.jwtSecretFile)
    if path.isEmpty { return nil }
    do throws(HostError) { return try Secret(from: path) } catch {
      throw KeyFault("JWT_SECRET_FILE", path, error)
    }
  }

  /// The one in the state directory, which is made when it is not there yet.
  static func kept(_ environment: [[UInt8]]) throws(HostError) -> Secret? {
    guard let directory = StateDirectory.path(environment) else { return nil }
    let path = directory + [UInt8]("/jwt.key")
    do throws(HostError) { return try Secret(from: path) } catch {
      guard error.isMissingFile else { throw error }
    }
    try File.makeDirectory(directory)
    do throws(HostError) { try File.make(path, (try random() + [0x0A]).span.raw) } catch {
      // Another process was a moment faster: its secret counts.
      guard error.isTakenName else { throw error }
    }
    return try Secret(from: path)
  }

  /// One that nobody ever sees.
  static func forThisRun() throws(HostError) -> Secret { Secret(bytes: try random(), path: []) }

  /// 32 random bytes in Base64url.
  private static func random() throws(HostError) -> [UInt8] {
    var generator = try Random()
    var bytes: [UInt8] = []
    for _ in 0..<2 {
      let half = generator.sixteenBytes()
      for offset in 0..<16 { bytes.append(half[offset]) }
    }
    return Base64URL.encoded(bytes.span.raw)
  }

  private init(bytes: [UInt8], path: [UInt8]) {
    self.bytes = bytes
    self.path = path
  }

  /// The content of the file without one line end behind it.
  private init(from path: [UInt8]) throws(HostError) {
    var bytes = try File.read(path, limit: Secret.maximumSize + 2)
    if bytes.last == 0x0A { bytes.removeLast() }
    self.init(bytes: bytes, path: path)
  }
}
