import JSON
import Memory

/// A token that is to be made: for tests, for the operator's own scripts, for a board without an
/// identity provider.
public struct NewToken: Sendable {
  public var subject: [UInt8]
  /// Left out when empty, like every text below.
  public var name: [UInt8] = []
  public var role: [UInt8] = []
  public var issuer: [UInt8] = []
  public var audience: [UInt8] = []
  /// Unix seconds.
  public var issued: Int64
  public var expires: Int64

  public init(subject: [UInt8], issued: Int64, expires: Int64) {
    self.subject = subject
    self.issued = issued
    self.expires = expires
  }

  /// Bytes of the texts together, at most.
  public static let textMaximum = 1024

  /// Header and claims in Base64url, which is what gets signed with HS256; nil when the texts are
  /// too long. They have to be UTF-8.
  public func signingInput() -> [UInt8]? {
    let size = subject.count + name.count + role.count + issuer.count + audience.count
    guard size <= NewToken.textMaximum else { return nil }
    // An escape makes six characters of one at worst.
    var claims = ByteWriter(capacity: 6 * NewToken.textMaximum + 256)
    claims.beginObject()
    claims.member("sub", subject.span.raw)
    if !name.isEmpty { claims.member("username", name.span.raw) }
    if !role.isEmpty { claims.member("role", role.span.raw) }
    if !issuer.isEmpty { claims.member("iss", issuer.span.raw) }
    if !audience.isEmpty { claims.member("aud", audience.span.raw) }
    claims.member("iat", issued)
    claims.member("exp", expires)
    claims.endObject()
    let header: StaticString = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
    let token =
      Base64URL.encoded(header.bytes) + [UInt8(ascii: ".")] + Base64URL.encoded(claims.bytes)
    // Room for the signature, or no server would take it.
    return token.count + 44 <= Token.maximumSize ? token : nil
  }
}
