import Memory

/// Scheme, host and port of an origin (RFC 6454, section 7: `scheme://host[:port]`, nothing
/// behind), as places in the bytes it was parsed from.
public struct Origin {
  let scheme: Range<Int>
  let host: Range<Int>
  /// The one given or the scheme's own; nil when neither is known.
  let port: UInt16?

  /// Nil when `range` of `bytes` holds something else, `null` for instance.
  init?(_ bytes: RawSpan, in range: Range<Int>) {
    var end = range.lowerBound
    while end < range.upperBound, Origin.isSchemeCharacter(bytes[end]) { end += 1 }
    scheme = range.lowerBound..<end
    guard end > range.lowerBound, range.upperBound - end > 3,
      bytes[end..<end + 3].equals("://"),
      let authority = Authority(bytes[end + 3..<range.upperBound])
    else { return nil }
    host = end + 3..<end + 3 + authority.host.count
    port = authority.port ?? Origin.defaultPort(bytes[scheme])
  }

  /// RFC 3986, section 3.1.
  private static func isSchemeCharacter(_ byte: UInt8) -> Bool {
    let lowered = byte.lowercased
    return lowered >= UInt8(ascii: "a") && lowered <= UInt8(ascii: "z") || byte.isDigit
      || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  private static func defaultPort(_ scheme: RawSpan) -> UInt16? {
    if scheme.equalsIgnoringCase("https") { return 443 }
    return scheme.equalsIgnoringCase("http") ? 80 : nil
  }

  /// Whether a page of `origin` was served under the name and port that `host` asks for, so that
  /// its cookies are the gateway's own (PROTOCOL.md, section 2). A host without a port has the
  /// default of the origin's scheme.
  ///
  /// - Parameters:
  ///   - origin: the value of Origin.
  ///   - host: the request's host.
  ///   - overTLS: whether the connection is encrypted here. Then an `http` page is another's: who
  ///     sits on the wire can forge it. Without, a proxy in front may encrypt, so both are taken.
  public static func isSameHost(_ origin: RawSpan, as host: RawSpan, overTLS: Bool) -> Bool {
    guard let parts = Origin(origin, in: 0..<origin.byteCount), let authority = Authority(host)
    else { return false }
    let isSecure = origin[parts.scheme].equalsIgnoringCase("https")
    guard isSecure || !overTLS && origin[parts.scheme].equalsIgnoringCase("http") else {
      return false
    }
    return (authority.port ?? (isSecure ? 443 : 80)) == parts.port
      && origin[parts.host].equalsIgnoringCase(host[authority.host])
  }
}
