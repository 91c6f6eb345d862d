import CBoard
import CUV
import Memory

/// A call to the system or a library that failed.
public struct HostError: Error {
  /// What was tried, in words: "listen on".
  public let operation: StaticString
  /// The error number, negative, as its source gave it.
  public let code: Int32
  public let source: Source

  public enum Source: Sendable { case system, libuv, mbedTLS, sqlite }

  init(_ operation: StaticString, _ code: Int32, from source: Source = .system) {
    self.operation = operation
    self.code = code
    self.source = source
  }

  /// What the error number means, in the words of its source.
  public var reason: RawSpan {
    @_lifetime(immortal) get {
      switch source {
      case .system: return unsafe text(cboard_error_text(code))
      case .libuv: return unsafe text(cuv_error_text(code))
      case .mbedTLS: return ("no source of random bytes" as StaticString).bytes
      case .sqlite: return sqliteReason.bytes
      }
    }
  }

  /// Whether the machine has no such kind of address, IPv6 for one.
  public var isMissingFamily: Bool {
    source == .system && cboard_no_address_family(Int64(code)) != 0
  }

  /// Whether another socket has the address and port.
  public var isTakenAddress: Bool {
    source == .system && cboard_address_in_use(Int64(code)) != 0
  }

  /// Whether this user may not do it.
  public var isNotAllowed: Bool { source == .system && cboard_not_allowed(Int64(code)) != 0 }

  /// Whether there was no memory for it.
  public var isOutOfMemory: Bool { source == .system && cboard_out_of_memory(Int64(code)) != 0 }

  /// Whether it may go well another time, all else being as it is.
  public var mayPass: Bool {
    switch source {
    case .system: isOutOfMemory || cboard_may_pass(Int64(code)) != 0
    case .mbedTLS: true
    case .libuv, .sqlite: false
    }
  }

  @_lifetime(immortal)
  private func text(_ start: UnsafePointer<CChar>) -> RawSpan {
    var length = 0
    while unsafe start[length] != 0 { length += 1 }
    let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: length)
    return unsafe _overrideLifetime(span, borrowing: ())
  }

  /// Returns `status`, or throws it when it is negative.
  @discardableResult
  static func check(
    _ operation: StaticString, _ status: Int32, from source: Source = .system
  ) throws(HostError) -> Int32 {
    guard status >= 0 else { throw HostError(operation, status, from: source) }
    return status
  }
}
