#if Deflate
import CZlib

/// The memory of all of zlib's streams, taken at start. A stream takes some of it while it lives;
/// who finds too little gets none.
@safe public struct DeflateMemory: ~Copyable {
  private let pool: OpaquePointer
  private let memory: UnsafeMutableRawPointer
  /// Bytes.
  public let size: Int

  /// - Parameter size: bytes, 4096 to 2^31 - 1.
  public init(size: Int) {
    precondition(size >= 4096 && size <= Int(Int32.max))
    self.size = size
    unsafe memory = takeZeroed(size)
    unsafe pool = czlib_pool_use(memory, size)
  }

  deinit { unsafe giveBackZeroed(memory, size) }

  /// Bytes that are taken, and the most that were.
  public var used: Int { unsafe czlib_pool_used(pool) }
  public var peak: Int { unsafe czlib_pool_peak(pool) }

  /// Bytes that a deflater takes at most. It depends on zlib's version; what is taken is asked for
  /// and may be refused.
  public static func deflaterSize(windowBits: Int) -> Int { (8 << windowBits) + (8 << 10) }

  /// The same of an inflater.
  public static func inflaterSize(windowBits: Int) -> Int { (1 << windowBits) + (12 << 10) }

  /// - Parameters:
  ///   - windowBits: 9 to 15, the logarithm of how far back it looks (RFC 1951, section 2).
  ///   - level: 1, fast, to 9, small.
  /// - Returns: nil when there is too little memory left.
  public mutating func makeDeflater(windowBits: Int, level: Int) -> Deflater? {
    precondition(9...15 ~= windowBits && 1...9 ~= level)
    guard let stream = unsafe czlib_deflater(pool, Int32(windowBits), Int32(level)) else {
      return nil
    }
    return unsafe Deflater(stream)
  }

  /// - Parameter windowBits: 9 to 15: what comes was deflated with as many, or fewer.
  /// - Returns: nil when there is too little memory left.
  public mutating func makeInflater(windowBits: Int) -> Inflater? {
    precondition(9...15 ~= windowBits)
    guard let stream = unsafe czlib_inflater(pool, Int32(windowBits)) else { return nil }
    return unsafe Inflater(stream)
  }
}
#endif
