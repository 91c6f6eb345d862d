import CMbedTLS

/// The memory that TLS connections take of one pool, where mbedTLS can be given it: in static
/// programs. Elsewhere each connection takes what it needs of the system's.
public enum TLSMemory {
  /// What a pool holds now, held at most, and how often there was no room in it.
  public struct Figures {
    public let size, used, peak, refused: Int
  }

  public static var isPooled: Bool { cmbedtls_pool_is_possible() != 0 }

  /// The pool of so many connections, of which so many are in a handshake at a time.
  public static func size(
    connections: Int, handshakes: Int, clientCertificates: Bool
  ) -> Int {
    cmbedtls_pool_size(connections, handshakes, clientCertificates ? 1 : 0)
  }

  /// Takes the pool, once, at start, behind all keys and certificates that are read there. False
  /// where mbedTLS cannot be given it.
  public static func usePool(size: Int, connections: Int) -> Bool {
    guard isPooled else { return false }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    return unsafe cmbedtls_pool_use(memory, size, connections) != 0
  }

  /// What `work` asks for comes from the system: certificates that are read anew.
  public static func outsideOfPool<Failure: Error>(
    _ work: () throws(Failure) -> Void
  ) throws(Failure) {
    cmbedtls_pool_rest(1)
    defer { cmbedtls_pool_rest(0) }
    try work()
  }

  public static var figures: Figures {
    var figures = cmbedtls_pool_figures()
    unsafe cmbedtls_pool_read(&figures)
    return Figures(
      size: Int(figures.size), used: Int(figures.used), peak: Int(figures.peak),
      refused: Int(figures.refused))
  }
}
