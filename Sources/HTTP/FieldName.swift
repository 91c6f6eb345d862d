import Memory

/// The fields that a head's parser looks into itself.
enum FieldName {
  case host, origin, cookie, authorization, connection, upgrade, expect
  case contentLength, transferEncoding, webSocketKey, webSocketVersion
  case other

  /// - Parameter bytes: hold a token of `count` bytes at `start`. Its length tells most names
  ///   apart.
  init(in bytes: RawSpan, at start: Int, count: Int) {
    func isNamed(_ name: StaticString) -> Bool { bytes.hasToken(name.bytes, at: start) }
    self =
      switch count {
      case 4 where isNamed("host"): .host
      case 6 where isNamed("origin"): .origin
      case 6 where isNamed("cookie"): .cookie
      case 6 where isNamed("expect"): .expect
      case 7 where isNamed("upgrade"): .upgrade
      case 10 where isNamed("connection"): .connection
      case 13 where isNamed("authorization"): .authorization
      case 14 where isNamed("content-length"): .contentLength
      case 17 where isNamed("sec-websocket-key"): .webSocketKey
      case 17 where isNamed("transfer-encoding"): .transferEncoding
      case 21 where isNamed("sec-websocket-version"): .webSocketVersion
      default: .other
      }
  }
}
