import CBoard
import Memory

/// The service manager that has started us, systemd for one, and what it is told (sd_notify(3)).
/// Without one nothing happens.
public struct Service {
  /// Taken at start, so that a sign of life needs no free descriptor.
  private let descriptor = cboard_notify_socket()
  /// Milliseconds between two signs of life, 0 when none are wanted.
  private let period: UInt64
  private var nextBeat: UInt64
  private var isReloading = false
  private var isStopping = false

  /// Milliseconds that what takes long asks for, more than once if need be.
  public static var extraTime: UInt64 { 60_000 }
  /// Milliseconds between two messages that ask for more.
  private static var extendEvery: UInt64 { 10_000 }
  /// Milliseconds until a message is tried again that was not taken.
  private static var retryAfter: UInt64 { 200 }

  public init() {
    let wanted = cboard_watchdog_period()
    // Twice within the time, as sd_watchdog_enabled(3) advises.
    period = wanted == 0 || descriptor < 0 ? 0 : max(1, wanted / 2000)
    nextBeat = period == 0 ? .max : 0
  }

  /// Asks for so many milliseconds more than the start or the end may take.
  public func extend(by time: UInt64) {
    var message = ByteWriter(capacity: 64)
    message.append("EXTEND_TIMEOUT_USEC=")
    message.append(decimal: time * 1000)
    _ = send(message.bytes)
  }

  /// It serves, and says where.
  public func becameReady(_ status: RawSpan) {
    var message = ByteWriter(capacity: 32 + status.byteCount)
    message.append("READY=1\nSTATUS=")
    message.append(status)
    _ = send(message.bytes, waits: true)
  }

  /// It reads anew what may change at run time, until the next `beat`.
  public mutating func startedReloading() {
    isReloading = true
    var message = ByteWriter(capacity: 64)
    message.append("RELOADING=1\nMONOTONIC_USEC=")
    message.append(decimal: cboard_microseconds())
    _ = send(message.bytes)
  }

  /// It ends. From now on each `beat` asks for more time.
  public mutating func startedStopping(at now: UInt64) {
    guard !isStopping, descriptor >= 0 else { return }
    isStopping = true
    let message: StaticString = "STOPPING=1\nSTATUS=draining"
    _ = send(message.bytes)
    nextBeat = min(nextBeat, now)
  }

  /// When `beat` has something to say; `.max` when never.
  public var nextWakeUp: UInt64 { nextBeat }

  /// Says that the loop goes round, when it is time to. Once a turn.
  public mutating func beat(at now: UInt64) {
    if isReloading {
      isReloading = false
      let message: StaticString = "READY=1"
      _ = send(message.bytes, waits: true)
    }
    guard nextBeat <= now else { return }
    if isStopping { extend(by: Service.extraTime) }
    var isTaken = true
    if period > 0 {
      let message: StaticString = "WATCHDOG=1"
      isTaken = send(message.bytes)
    }
    let wait =
      isStopping && (period == 0 || period > Service.extendEvery)
      ? Service.extendEvery : period
    nextBeat = now + (isTaken ? wait : min(wait, Service.retryAfter))
  }

  /// Returns whether the manager has it.
  private func send(_ message: RawSpan, waits: Bool = false) -> Bool {
    guard descriptor >= 0 else { return true }
    return unsafe message.withUnsafeBytes {
      unsafe cboard_notify(descriptor, $0.baseAddress!, $0.count, waits ? 1 : 0)
    } == 0
  }
}
