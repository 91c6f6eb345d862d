public import Memory

/// A JSON Web Token (RFC 7519) in the compact form of JWS (RFC 7515, section 7.1).
public enum Token {
  /// Bytes of the longest one.
  public static let maximumSize = 8192
  /// Bytes that a scratch buffer for `check` has to hold.
  public static let scratchSize = maximumSize / 4 * 3
  /// Arrays and objects inside each other, in the header and in the claims.
  static let depthMax = 16

  /// What the token says, when one of the keys signed it and it keeps the rules.
  ///
  /// - Parameters:
  ///   - now: Unix seconds; nil while the clock cannot be believed.
  ///   - scratch: of `scratchSize`; it is wiped.
  ///   - verify: whether key number `key` made the signature of `signed`.
  public static func check(
    _ token: RawSpan, keys: borrowing KeySet, rules: borrowing TokenRules, now: Int64?,
    scratch: inout ByteWriter,
    verify: (_ key: Int, _ algorithm: Algorithm, _ signed: RawSpan, _ signature: RawSpan) -> Bool
  ) throws(TokenError) -> Claims {
    precondition(scratch.capacity >= scratchSize)
    defer { scratch.wipe() }
    let dots = try dots(in: token)
    try decode(token.extracting(0..<dots.first), into: &scratch)
    let header = try TokenHeader.parse(scratch.bytes)
    try decode(token.extracting((dots.second + 1)..<token.byteCount), into: &scratch)
    var error = TokenError.noKey
    for key in 0..<keys.count where keys.isCandidate(key, for: header) {
      if verify(key, header.algorithm, token.extracting(0..<dots.second), scratch.bytes) {
        try decode(token.extracting((dots.first + 1)..<dots.second), into: &scratch)
        return try judge(ClaimsReader(scratch.bytes, rules), rules, now, signedBy: key)
      }
      error = .badSignature
    }
    throw error
  }

  /// Where the parts of the token end.
  private static func dots(in token: RawSpan) throws(TokenError) -> (first: Int, second: Int) {
    guard token.byteCount <= maximumSize else { throw .malformed }
    var (first, second, count) = (0, 0, 0)
    for offset in 0..<token.byteCount where token[offset] == UInt8(ascii: ".") {
      count += 1
      if count == 1 { first = offset }
      if count == 2 { second = offset }
    }
    if count == 4 { throw .encrypted }
    guard count == 2 else { throw .malformed }
    return (first, second)
  }

  private static func decode(_ part: RawSpan, into scratch: inout ByteWriter) throws(TokenError) {
    scratch.removeAll()
    guard Base64URL.decode(part, into: &scratch) else { throw .malformed }
  }

  private static func judge(
    _ claims: ClaimsReader, _ rules: borrowing TokenRules, _ now: Int64?, signedBy key: Int
  ) throws(TokenError) -> Claims {
    guard claims.expires != nil || !rules.requiresExpiry else { throw .noExpiry }
    guard rules.issuer.isEmpty || claims.issuer == .right else { throw .wrongIssuer }
    // A token for others is not for whoever goes without a name (RFC 7519, section 4.1.3).
    guard claims.audience == (rules.audience.isEmpty ? .absent : .right) else {
      throw .wrongAudience
    }
    guard let subject = claims.subject else { throw .noSubject }
    if let now {
      if let expires = claims.expires, now >= expires + rules.leeway { throw .expired }
      if let start = claims.notBefore, now + rules.leeway < start { throw .notYetValid }
    } else if claims.expires != nil || claims.notBefore != nil {
      guard rules.allowsUnsetClock else { throw .clockUnset }
    }
    return Claims(
      subject: subject, name: claims.name ?? subject, roles: claims.roles, expires: claims.expires,
      key: key)
  }
}
