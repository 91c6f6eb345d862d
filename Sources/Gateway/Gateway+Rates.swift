import Delivery
import Memory
import WebSocket

/// What a connection may still send.
struct Rates: Zeroable {
  var messages: MessageRate
  var bytes: MessageRate

  init(_ limits: Limits, at now: UInt64) {
    messages = MessageRate(limits.messageRate, at: now)
    bytes = MessageRate(limits.byteRate, at: now)
  }
}

/// How fast a connection may send.
extension Gateway where Link: ~Copyable {
  /// Which of the connection's rates a frame is over.
  enum Excess { case none, messages, bytes }

  /// Counts a message, fragment or control frame of `size` bytes against the connection's rates.
  @inline(__always)
  mutating func excess(_ place: Int, _ size: Int) -> Excess {
    bounds.isRated ? rate(place, size) : .none
  }

  @_optimize(speed)
  private mutating func rate(_ place: Int, _ size: Int) -> Excess {
    guard connections[place].phase == .open else { return .none }
    var excess = Excess.none
    if limits.byteRate.rate > 0,
      isOver(place, rates[place].bytes.take(size, limits.byteRate, at: now.monotonic))
    {
      excess = .bytes
    }
    if limits.messageRate.rate > 0, connections[place].phase == .open,
      isOver(place, rates[place].messages.take(1, limits.messageRate, at: now.monotonic))
    {
      excess = .messages
    }
    return excess
  }

  @_optimize(speed)
  private mutating func isOver(_ place: Int, _ verdict: MessageRate.Verdict) -> Bool {
    if verdict == .overForTooLong {
      metrics.count(.rateLimited)
      fail(place, .policyViolation)
    }
    return verdict != .within
  }

  /// Counts a message in a frame of `size` bytes, too. Returns whether it is not to be handled:
  /// it came too fast, or after our close frame, when it is of no interest any longer (RFC 6455,
  /// section 5.5.1).
  @inline(never)
  mutating func isRefused(_ place: Int, _ size: Int) -> Bool {
    let excess = excess(place, size)
    guard !mayRefuse(place, excess) else {
      refuseMessage(place, excess)
      return true
    }
    return connections[place].phase != .open
  }

  mutating func mayRefuse(_ place: Int, _ excess: Excess) -> Bool {
    excess != .none && families.refusesExcess(connections[place].family)
  }

  /// A message that came too fast changes nothing but its sender's knowledge.
  @inline(never)
  mutating func refuseMessage(_ place: Int, _ excess: Excess) {
    metrics.messagesIn &+= 1
    if excess == .messages { metrics.overMessageRate &+= 1 } else { metrics.overByteRate &+= 1 }
    if connections[place].phase == .open {
      families.refused(connections[place].family, place, at: now, &mailroom)
    }
  }
}
