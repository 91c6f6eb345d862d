import Memory

/// Where a client puts a token (PROTOCOL.md, section 2). What is found here is secret: it reaches
/// no log and no answer.
public enum Credentials {
  /// The token of `Bearer <token>` in the value of Authorization (RFC 6750, section 2.1), nil for
  /// another scheme or an empty token. Its form is the token's reader's to judge.
  @_lifetime(copy authorization)
  public static func bearer(in authorization: RawSpan) -> RawSpan? {
    let scheme: StaticString = "Bearer "
    let size = scheme.bytes.byteCount
    guard authorization.byteCount > size,
      authorization[0..<size].equalsIgnoringCase(scheme)
    else { return nil }
    return authorization[size..<authorization.byteCount].trimmed
  }

  /// The value of the first cookie `name` in the value of Cookie (RFC 6265, section 4.2.1), without
  /// the quotation marks that may stand around it; names are case-sensitive.
  @_lifetime(copy cookies)
  public static func cookie(_ name: StaticString, in cookies: RawSpan) -> RawSpan? {
    var start = 0
    while start < cookies.byteCount {
      let end =
        cookies.firstIndex(of: UInt8(ascii: ";"), in: start..<cookies.byteCount)
        ?? cookies.byteCount
      if let equals = cookies.firstIndex(of: UInt8(ascii: "="), in: start..<end),
        cookies[start..<equals].trimmed.equals(name)
      {
        return unquoted(cookies[equals + 1..<end].trimmed)
      }
      start = end + 1
    }
    return nil
  }

  @_lifetime(copy value)
  private static func unquoted(_ value: RawSpan) -> RawSpan {
    let mark = UInt8(ascii: "\"")
    let count = value.byteCount
    guard count >= 2, value[0] == mark, value[count - 1] == mark else { return value }
    return value[1..<count - 1]
  }
}
