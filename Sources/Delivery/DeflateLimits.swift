/// What compressing messages may take.
public struct DeflateLimits: Sendable {
  /// Bytes of all connections together; 0 compresses nothing.
  public var memory = 0
  /// How far back a compressor of ours looks at most, and those of clients that can be told: a
  /// logarithm, 9 to 15.
  public var windowBits = 12
  /// 1, fast, to 9, small.
  public var level = 6
  /// Bytes: a shorter message is not worth it.
  public var minimum = 64

  public init() {}
}
