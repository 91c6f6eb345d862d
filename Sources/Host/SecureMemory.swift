#if TLS
import CTLS

/// The memory of TLS sessions: one pool, where mbedTLS can be given it, as in static programs.
/// Elsewhere each session takes what it needs of the system's.
public enum SecureMemory {
  /// What the pool holds now, held at most, and how often there was no room in it.
  public struct Figures {
    public let size, used, peak, refused: Int
  }

  public static var isPooled: Bool { ctls_pool_is_possible() != 0 }

  /// The pool of so many sessions, of which so many shake hands at a time.
  public static func size(sessions: Int, handshakes: Int) -> Int {
    ctls_pool_size(sessions, handshakes)
  }

  /// Takes the pool, once, before the first session. False where mbedTLS cannot be given it.
  @discardableResult
  static func usePool(sessions: Int, handshakes: Int) -> Bool {
    guard isPooled else { return false }
    let size = size(sessions: sessions, handshakes: handshakes)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    return unsafe ctls_pool_use(memory, size, sessions) != 0
  }

  public static var figures: Figures {
    var figures = ctls_pool_figures()
    unsafe ctls_pool_read(&figures)
    return Figures(
      size: Int(figures.size), used: Int(figures.used), peak: Int(figures.peak),
      refused: Int(figures.refused))
  }
}
#endif
