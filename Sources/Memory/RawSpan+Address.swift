import CRuntime

/// Numeric addresses, by inet_pton(3).
extension RawSpan {
  /// Four decimal octets without leading zeros, which some resolvers take for octal.
  public var isIPv4Address: Bool {
    unsafe withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return false }
      return unsafe cruntime_is_ipv4(start, bytes.count) != 0
    }
  }

  /// RFC 4291, section 2.2; without a zone.
  public var isIPv6Address: Bool {
    unsafe withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return false }
      return unsafe cruntime_is_ipv6(start, bytes.count) != 0
    }
  }
}
