import CUV
import Memory

/// Connections with TLS: their handshakes go on here, and nobody else hears of them.
extension EventLoop {
  #if TLS
  /// Takes the memory of TLS sessions, before the first listener that needs them.
  public mutating func secure(
    _ limits: SecureLimits, _ identity: consuming SecureIdentity
  ) throws(HostError) {
    secure = try SecureSessions(limits, places: capacity, identity: identity)
  }

  /// Shows another certificate to whoever comes from now on; who is in stays.
  public mutating func renew(_ identity: consuming SecureIdentity) { secure.renew(identity) }

  /// Bytes for each TLS session, and for each handshake while it lasts.
  public static var bytesPerSession: Int { SecureSessions.bytesPerSession }
  public static var bytesPerHandshake: Int { SecureSessions.bytesPerHandshake }
  #endif

  /// Whether the clock is right: else the days of a client's certificate do not count.
  public mutating func setClock(isKnown: Bool) { secure.setClock(isKnown: isKnown) }

  public var secureFigures: SessionFigures {
    var figures = secure.figures
    figures.resumed = secure.resumed
    return figures
  }

  /// Whether the connection is encrypted here.
  public func isSecure(_ place: Int) -> Bool { secure.session(of: place) != nil }

  /// What a ready socket with TLS means to those above, nil when it means nothing.
  mutating func secureEvent(of place: Int, _ session: Int, _ events: UInt32) -> HostEvent? {
    if secure.isParting(session) {
      if events & UInt32(CUV_FAILED) != 0 || secure.hasParted(session) { release(place) }
      return nil
    }
    if events & UInt32(CUV_FAILED) != 0 {
      secure.failed(session)
      return .failed(place)
    }
    guard secure.isOpen(session) else {
      secure.mayGoOn(session)
      return nil
    }
    if events & UInt32(CUV_WRITABLE) != 0 {
      guard secure.flush(session) else { return .failed(place) }
      adjust(place)
    }
    let wanted = events & UInt32(wishes[place])
    guard wanted != 0 else { return nil }
    return .ready(
      place, readable: wanted & UInt32(CUV_READABLE) != 0,
      writable: wanted & UInt32(CUV_WRITABLE) != 0)
  }

  /// What no socket tells: bytes that are decrypted already, and handshakes that go on.
  mutating func nextSecureEvent() -> HostEvent? {
    while let place = secure.nextOverdue(at: now) { release(place) }
    if let place = secure.nextPending() { return .ready(place, readable: true, writable: false) }
    while let (place, hasFailed) = secure.shakeNext(at: now) {
      adjust(place)
      if hasFailed { return .failed(place) }
    }
    return nil
  }
}
