import JSON
import Memory

/// What counts in the header of a JWS (RFC 7515, section 4). Addresses of keys and keys that come
/// with the token (jku, x5u, jwk, x5c) are never looked at: a token cannot vouch for itself.
struct TokenHeader {
  enum KeyName {
    case none
    case named(ShortText)
    /// Longer than any name that a key has here.
    case tooLong
  }

  let algorithm: Algorithm
  let kid: KeyName

  /// - Parameter bytes: the decoded header.
  static func parse(_ bytes: RawSpan) throws(TokenError) -> TokenHeader {
    var algorithm: Algorithm?
    var kid = KeyName.none
    var hasCritical = false
    do throws(JSONError) {
      var reader = JSONReader(bytes, depthMax: Token.depthMax)
      var seen = Once()
      try reader.beginObject()
      while let name = try reader.nextMember() {
        if name.equals("alg") {
          try seen.mark(0, name)
          algorithm = Algorithm(try reader.readString())
        } else if name.equals("kid") {
          try seen.mark(1, name)
          let (text, isWhole) = try reader.readString().shortText()
          kid = isWhole ? .named(text) : .tooLong
        } else if name.equals("crit") {
          hasCritical = true
        }
      }
      try reader.end()
    } catch {
      throw .malformed
    }
    guard let algorithm else { throw .unknownAlgorithm }
    guard !hasCritical else { throw .criticalHeader }
    return TokenHeader(algorithm: algorithm, kid: kid)
  }
}

/// Sees to it that a member which is read stands there once (RFC 7515 and 7519, section 4): two
/// readers of one token must not see two different users.
struct Once {
  private var seen: UInt32 = 0

  mutating func mark(_ place: UInt32, _ name: borrowing JSONString) throws(JSONError) {
    guard seen >> place & 1 == 0 else { throw .malformed(at: name.start) }
    seen |= 1 << place
  }
}
