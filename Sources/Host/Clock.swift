import CBoard

/// The board's clocks, outside the loop's.
public enum Clock {
  /// Milliseconds of a clock that no one sets, from an arbitrary start.
  public static var monotonic: UInt64 { cboard_monotonic_clock() }
  /// The same in microseconds.
  public static var microseconds: UInt64 { cboard_microseconds() }
  /// Whether the system's time service has set the wall clock.
  public static var isSynchronized: Bool { cboard_is_clock_synchronized() != 0 }
  /// Milliseconds since 1970 UTC; wrong on a board whose clock was not set yet.
  public static var wall: UInt64 { cboard_wall_clock() }
}
