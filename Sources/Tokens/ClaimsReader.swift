import JSON
import Memory

/// The claims of a token as they stand in it, before anything is asked of them.
struct ClaimsReader {
  private var sub: ShortText?
  /// Whether there is a `sub`, which then names the user, or nobody.
  private var hasSub = false
  private var userID: ShortText?
  /// Of `username`, `preferred_username` and `name`, the first that can be shown.
  private(set) var name: ShortText?
  private var rankOfName = Int.max
  private(set) var roles: Roles = []
  /// Unix seconds, rounded so that a fraction shortens the time in which the token is good.
  private(set) var expires: Int64?
  private(set) var notBefore: Int64?
  private(set) var issuer = Match.absent
  private(set) var audience = Match.absent

  /// How a claim compares with what the rules ask for.
  enum Match { case absent, wrong, right }

  private enum Claim: UInt32 {
    case sub, userID, username, preferredUsername, name, role, roles, isAdmin, exp, nbf, iss, aud
  }

  /// - Parameters:
  ///   - bytes: the decoded payload.
  ///   - rules: what `iss` and `aud` are held against.
  init(_ bytes: RawSpan, _ rules: borrowing TokenRules) throws(TokenError) {
    do throws(JSONError) {
      var reader = JSONReader(bytes, depthMax: Token.depthMax)
      var seen = Once()
      try reader.beginObject()
      while let member = try reader.nextMember() {
        guard let claim = ClaimsReader.claim(member) else { continue }
        try seen.mark(claim.rawValue, member)
        try read(claim, &reader, rules)
      }
      try reader.end()
    } catch {
      throw .malformedClaims
    }
  }

  var subject: ShortText? { hasSub ? sub : userID }

  private static func claim(_ name: borrowing JSONString) -> Claim? {
    if name.equals("sub") { return .sub }
    if name.equals("user_id") { return .userID }
    if name.equals("username") { return .username }
    if name.equals("preferred_username") { return .preferredUsername }
    if name.equals("name") { return .name }
    if name.equals("role") { return .role }
    if name.equals("roles") { return .roles }
    if name.equals("is_admin") { return .isAdmin }
    if name.equals("exp") { return .exp }
    if name.equals("nbf") { return .nbf }
    if name.equals("iss") { return .iss }
    if name.equals("aud") { return .aud }
    return nil
  }

  private mutating func read(
    _ claim: Claim, _ reader: inout JSONReader, _ rules: borrowing TokenRules
  ) throws(JSONError) {
    switch claim {
    case .sub:
      hasSub = try reader.peekKind() != .null
      sub = try ClaimsReader.identifier(&reader)
    case .userID: userID = try ClaimsReader.identifier(&reader)
    case .username: try readName(0, &reader)
    case .preferredUsername: try readName(1, &reader)
    case .name: try readName(2, &reader)
    case .role: roles.formUnion(try ClaimsReader.role(&reader))
    case .roles: try readRoles(&reader)
    case .isAdmin:
      if try reader.peekKind() == .bool, try reader.readBool() { roles.insert(.admin) }
    case .exp: expires = try ClaimsReader.seconds(&reader, .down)
    case .nbf: notBefore = try ClaimsReader.seconds(&reader, .up)
    case .iss: issuer = try ClaimsReader.isString(rules.issuer, &reader) ? .right : .wrong
    case .aud: audience = try ClaimsReader.names(rules.audience, &reader) ? .right : .wrong
    }
  }

  /// A text, or the digits of a whole number; nil when it is neither or cannot be an id.
  private static func identifier(_ reader: inout JSONReader) throws(JSONError) -> ShortText? {
    switch try reader.peekKind() {
    case .string:
      let (text, isWhole) = try reader.readString().shortText()
      return isWhole && text.canBeIdentifier ? text : nil
    case .number:
      let digits = reader.bytes.extracting(try reader.skipValue())
      for offset in 0..<digits.byteCount where digits[offset] &- UInt8(ascii: "0") > 9 {
        return nil
      }
      return ShortText(digits)
    default: return nil
    }
  }

  /// - Parameter rank: a name of lower rank is shown rather.
  private mutating func readName(_ rank: Int, _ reader: inout JSONReader) throws(JSONError) {
    guard try reader.peekKind() == .string else { return }
    let text = try reader.readString().shortText().text
    guard rank < rankOfName, !text.isEmpty, !text.hasControlCharacter else { return }
    (name, rankOfName) = (text, rank)
  }

  private static func role(_ reader: inout JSONReader) throws(JSONError) -> Roles {
    guard try reader.peekKind() == .string else { return [] }
    return Roles(named: try reader.readString())
  }

  private mutating func readRoles(_ reader: inout JSONReader) throws(JSONError) {
    guard try reader.peekKind() == .array else { return }
    try reader.beginArray()
    while try reader.nextElement() { roles.formUnion(try ClaimsReader.role(&reader)) }
  }

  /// A NumericDate (RFC 7519, section 2); one too far away is brought nearer, out of reach still.
  private static func seconds(
    _ reader: inout JSONReader, _ rule: FloatingPointRoundingRule
  ) throws(JSONError) -> Int64 {
    let farthest = 1e15
    return Int64(max(-farthest, min(farthest, try reader.readNumber())).rounded(rule))
  }

  private static func isString(
    _ wanted: [UInt8], _ reader: inout JSONReader
  ) throws(JSONError) -> Bool {
    guard try reader.peekKind() == .string else { return false }
    return try reader.readString().equals(wanted.span.raw)
  }

  /// A text or an array of texts (RFC 7519, section 4.1.3).
  private static func names(
    _ wanted: [UInt8], _ reader: inout JSONReader
  ) throws(JSONError) -> Bool {
    guard try reader.peekKind() == .array else { return try isString(wanted, &reader) }
    var isNamed = false
    try reader.beginArray()
    while try reader.nextElement() {
      if try isString(wanted, &reader) { isNamed = true }
    }
    return isNamed
  }
}

extension ShortText {
  /// Whether it is not empty and holds neither a slash nor a control character (PROTOCOL.md,
  /// section 1). It has to be UTF-8.
  var canBeIdentifier: Bool {
    for offset in 0..<bytes.byteCount where bytes[offset] == UInt8(ascii: "/") { return false }
    return !isEmpty && !hasControlCharacter
  }

  /// C0, DEL and C1.
  var hasControlCharacter: Bool {
    for offset in 0..<bytes.byteCount {
      let byte = bytes[offset]
      if byte < 0x20 || byte == 0x7F { return true }
      if byte == 0xC2, offset + 1 < bytes.byteCount, bytes[offset + 1] < 0xA0 { return true }
    }
    return false
  }
}
