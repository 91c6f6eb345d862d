import Memory

/// The segments of a decoded path: `/ws/lobby` has `ws` and `lobby`, `/ws/` has `ws` and an empty
/// one.
public struct PathSegments: ~Escapable {
  private let path: RawSpan
  private var offset = 1

  /// - Parameter path: what `Target.decode` wrote: it begins with a slash.
  @_lifetime(copy path)
  public init(of path: RawSpan) { self.path = path }

  /// Nil behind the last one.
  @_lifetime(copy self)
  public mutating func next() -> RawSpan? {
    guard offset <= path.byteCount else { return nil }
    let start = offset
    let end = path.firstIndex(of: UInt8(ascii: "/"), in: start..<path.byteCount) ?? path.byteCount
    offset = end + 1
    return path[start..<end]
  }
}
