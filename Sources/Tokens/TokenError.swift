/// Why a token was not taken. No part of the token is in it.
public enum TokenError: Error, Equatable, Sendable, CaseIterable {
  /// Not three parts of Base64url, too long, or a header that is no JSON object.
  case malformed
  /// Five parts: a JWE (RFC 7516), which hides its claims.
  case encrypted
  case unknownAlgorithm
  /// The header asks for an extension by `crit` (RFC 7515, section 4.1.11).
  case criticalHeader
  case noKey
  case badSignature
  /// The claims are no JSON object, or one that is read is of the wrong kind or there twice.
  case malformedClaims
  case expired
  case notYetValid
  case wrongIssuer
  case wrongAudience
  case noExpiry
  case noSubject
  /// The board does not know the time, so it cannot tell whether the token is still good.
  case clockUnset

  /// What to do about it: one line without quotes and backslashes.
  public var message: StaticString {
    switch self {
    case .malformed: "This is no signed token: send a JWT of three parts, up to 8 KiB long"
    case .encrypted: "Encrypted tokens are not read here: send a signed JWT of three parts"
    case .unknownAlgorithm:
      "Sign the token with HS256, HS384, HS512, RS256, RS384, RS512, PS256, ES256 or ES384"
    case .criticalHeader: "Leave crit out of the token's header: no extension is known here"
    case .noKey: "No key here is for the token's alg and kid: sign it with a key that is configured"
    case .badSignature: "The signature does not verify: ask for a new token"
    case .malformedClaims:
      "The claims cannot be read: send a JSON object, exp and nbf as numbers, and nothing twice"
    case .expired: "The token has expired: ask for a new one"
    case .notYetValid:
      "The token is not valid yet: come again later, or set the clock of its issuer"
    case .wrongIssuer: "The token is of another issuer than this server takes: iss has to match"
    case .wrongAudience: "The token is not meant for this server: aud has to match its audience"
    case .noExpiry: "The token never expires: it needs exp"
    case .noSubject:
      "The token names no user: sub or user_id needs 1 to 64 bytes without / or control characters"
    case .clockUnset: "The clock of this server is not set yet: come again when it is"
    }
  }
}
