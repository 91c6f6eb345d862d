#if TLS
import CRuntime
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

  /// Takes the pool, once, before the first session, where mbedTLS can be given it.
  static func usePool(sessions: Int, handshakes: Int) {
    guard isPooled else { return }
    let size = size(sessions: sessions, handshakes: handshakes)
    _ = unsafe ctls_pool_use(take(size), size, sessions)
  }

  /// Bytes that nobody gives back; without memory the process ends with a line and 75.
  static func take(_ size: Int) -> UnsafeMutableRawPointer { unsafe cruntime_take_zeroed(size) }

  public static var figures: Figures {
    var figures = ctls_pool_figures()
    unsafe ctls_pool_read(&figures)
    return Figures(
      size: Int(figures.size), used: Int(figures.used), peak: Int(figures.peak),
      refused: Int(figures.refused))
  }
}
#endif
