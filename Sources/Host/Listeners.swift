import CBoard
import Memory

/// The sockets that take new connections, at most `capacity` of them, and the answer for those
/// that find no place.
@safe struct Listeners: ~Copyable {
  static var capacity: Int { 16 }
  /// Connections that the kernel completes before they are accepted.
  private static var backlog: Int32 { 1024 }

  enum Accepted {
    case nothing
    /// One that the system could not hand over.
    case failed
    /// No descriptor is left for it.
    case refused
    /// The system has nothing left even to refuse with.
    case exhausted
    case connection(Int32)
  }

  private(set) var count = 0
  private var opened = InlineArray<16, Int32>(repeating: -1)
  private var secure = InlineArray<16, Bool>(repeating: false)
  /// Given up for a moment when no descriptor is left: a connection that cannot be accepted would
  /// otherwise stay ready, and the loop would spin.
  private var spare: Int32 = cboard_spare_descriptor()

  mutating func open(
    _ address: [UInt8], _ port: UInt16, isSecure: Bool
  ) throws(HostError) -> (descriptor: Int32, name: [UInt8]) {
    guard count < Listeners.capacity else { throw HostError("listen on one more address", -28) }
    var text = [CChar](repeating: 0, count: 64)
    for (place, byte) in address.prefix(63).enumerated() { text[place] = CChar(bitPattern: byte) }
    let descriptor = try HostError.check(
      "listen",
      unsafe text.withUnsafeBufferPointer {
        unsafe cboard_listen($0.baseAddress!, port, Listeners.backlog)
      })
    opened[count] = descriptor
    secure[count] = isSecure
    count += 1
    return (descriptor, Listeners.address(of: descriptor))
  }

  /// Takes a socket that listens already, and returns its name.
  mutating func adopt(_ descriptor: Int32, isSecure: Bool) throws(HostError) -> [UInt8] {
    guard count < Listeners.capacity else { throw HostError("listen on one more address", -28) }
    try HostError.check("listen on a passed socket", cboard_adopt_listener(descriptor))
    opened[count] = descriptor
    secure[count] = isSecure
    count += 1
    return Listeners.address(of: descriptor)
  }

  private static func address(of descriptor: Int32) -> [UInt8] {
    var text = [CChar](repeating: 0, count: 64)
    let length = unsafe text.withUnsafeMutableBufferPointer {
      unsafe cboard_local_address(descriptor, $0.baseAddress!, Int32($0.count))
    }
    return text.prefix(max(0, Int(length))).map { UInt8(bitPattern: $0) }
  }

  mutating func closeLast() {
    count -= 1
    cboard_close(opened[count])
  }

  /// Whether the connections of this listener begin with a TLS handshake.
  func isSecure(_ index: Int) -> Bool { secure[index] }

  mutating func accept(_ listener: Int32, isSecure: Bool) -> Accepted {
    let descriptor = cboard_accept(listener)
    if descriptor >= 0 { return .connection(descriptor) }
    if cboard_would_block(Int64(descriptor)) != 0 { return .nothing }
    // Other errors are that one connection's, which is gone (accept(2)).
    guard cboard_out_of_descriptors(Int64(descriptor)) != 0 else { return .failed }
    if spare < 0 { spare = cboard_spare_descriptor() }
    guard spare >= 0 else { return .exhausted }
    cboard_close(spare)
    let refused = refuse(listener, isSecure: isSecure)
    spare = cboard_spare_descriptor()
    return refused ? .refused : .nothing
  }

  /// Accepts one connection, tells it to come again, and closes it. Returns false when there was
  /// none. No word of ours can be read before a handshake.
  func refuse(_ listener: Int32, isSecure: Bool) -> Bool {
    let descriptor = cboard_accept(listener)
    guard descriptor >= 0 else { return false }
    guard !isSecure else {
      cboard_close(descriptor)
      return true
    }
    let text = Listeners.refusal
    _ = unsafe cboard_send(descriptor, text.utf8Start, text.utf8CodeUnitCount)
    _ = cboard_finish(descriptor)
    cboard_close(descriptor)
    return true
  }

  private static let refusal: StaticString = """
    HTTP/1.1 503 Service Unavailable\r
    Content-Type: application/json\r
    Content-Length: 86\r
    Retry-After: 5\r
    Connection: close\r
    \r
    {"error":"unavailable","message":"No connection is free here: come again a bit later"}
    """
}
