import Delivery
import HTTP
import Memory
import WebSocket

/// What time brings: each connection has one entry in the queue, at its earliest deadline or
/// before; when it comes up, what is due is done and the next one is put in.
extension Gateway where Link: ~Copyable {
  @_optimize(speed)
  mutating func expire(_ place: Int) {
    switch connections[place].phase {
    case .vacant, .lost: return
    case .head: expireHead(place)
    case .open: expireOpen(place)
    case .closing:
      if isDue(connections[place].since + limits.closeWait) { linger(place) }
    case .lingering where mailroom.isHeld(place) && mailroom.journal.isKept:
      if isDue(connections[place].since + limits.closeWait) {
        connections[place].since = now.monotonic
      }
    case .lingering:
      if isDue(connections[place].since + limits.closeWait) {
        drop(place, because: "close timed out")
      }
    }
    scheduleNext(place)
  }

  private func isDue(_ deadline: UInt64) -> Bool { deadline <= now.monotonic }

  @inline(never)
  private mutating func expireHead(_ place: Int) {
    guard isDue(connections[place].since + limits.handshakeTimeout) else { return }
    if waitsForDisk(place) {
      connections[place].since = now.monotonic
      return
    }
    if connections[place].backlog.isEmpty || isUnread(place) {
      drop(place, because: "no request")
    } else if connections[place].isAdmitted {
      refuse(
        place, .requestTimeout, "Send the whole body within WEBSOCKET_HANDSHAKE_TIMEOUT.")
    } else {
      refuse(
        place, .requestTimeout, "Send the whole request head within WEBSOCKET_HANDSHAKE_TIMEOUT.")
    }
  }

  /// Whether it is the disk that has to come first, and not the peer.
  private func waitsForDisk(_ place: Int) -> Bool {
    mailroom.journal.isKept
      && (mailroom.isHeld(place)
        || connections[place].isStalled && connections[place].blockedSince == 0
          && !congested.contains(place))
  }

  @_optimize(speed)
  private mutating func expireOpen(_ place: Int) {
    if connections[place].blockedSince != 0,
      isDue(connections[place].blockedSince + limits.writeWait)
    {
      return closeSlow(place)
    }
    if connections[place].tornSince != 0, isDue(connections[place].tornSince + limits.readWait) {
      // Only a peer that is read can be slow to send; but who waits for slots has to give back.
      let isHeld = connections[place].blockedSince != 0 || connections[place].isStalled
      guard isHeld else { return fail(place, .policyViolation) }
      connections[place].tornSince = now.monotonic
    }
    if isUnread(place) {
      // Its pongs lie in the kernel.
      connections[place].lastReceived = now.monotonic
      if connections[place].pingSent != 0 { connections[place].pingSent = now.monotonic }
    }
    if connections[place].pingSent != 0, isDue(connections[place].pingSent + limits.pongWait) {
      return timeOut(place)
    }
    if isDue(silenceDeadline(place)) { return timeOut(place) }
    if connections[place].expires != 0, isDue(connections[place].expires) {
      metrics.count(.tokenExpired)
      return close(place, .tokenExpired)
    }
    if isDue(connections[place].nextPing) { ping(place) }
    let family = connections[place].family
    if let deadline = families.deadline(family, of: place), isDue(deadline),
      case .close(let code) = families.expired(family, place, at: now, &mailroom)
    {
      close(place, code)
    }
  }

  @inline(never)
  private mutating func timeOut(_ place: Int) {
    metrics.count(.timedOut)
    close(place, .goingAway)
  }

  /// Whether it is we who do not read.
  private func isUnread(_ place: Int) -> Bool {
    connections[place].blockedSince != 0 || connections[place].isStalled
      || starved.contains(place) || mailroom.isHeld(place)
  }

  private mutating func ping(_ place: Int) {
    connections[place].nextPing = now.monotonic + limits.pingPeriod
    // A peer whose outbox does not move is judged by that.
    guard connections[place].blockedSince == 0 else { return }
    mailroom.sendControl(.ping, RawSpan(), to: place)
    if connections[place].pingSent == 0 { connections[place].pingSent = now.monotonic }
  }

  /// The first sweep at which the peer has been silent for too long.
  @_optimize(speed)
  private func silenceDeadline(_ place: Int) -> UInt64 {
    let earliest = connections[place].lastReceived + limits.connectionTimeout
    let interval = limits.heartbeatInterval
    return started + (earliest - started + interval - 1) / interval * interval
  }

  @_optimize(speed)
  private mutating func scheduleNext(_ place: Int) {
    let connection = connections[place].since
    switch connections[place].phase {
    case .vacant, .lost: return
    case .head: deadlines.require(place, by: connection + limits.handshakeTimeout)
    case .closing, .lingering: deadlines.require(place, by: connection + limits.closeWait)
    case .open: scheduleOpen(place)
    }
  }

  /// Puts in the earliest deadline of an open connection.
  @_optimize(speed)
  mutating func scheduleOpen(_ place: Int) {
    var next = min(connections[place].nextPing, silenceDeadline(place))
    if connections[place].blockedSince != 0 {
      next = min(next, connections[place].blockedSince + limits.writeWait)
    }
    if connections[place].tornSince != 0 {
      next = min(next, connections[place].tornSince + limits.readWait)
    }
    if connections[place].pingSent != 0 {
      next = min(next, connections[place].pingSent + limits.pongWait)
    }
    if connections[place].expires != 0 { next = min(next, connections[place].expires) }
    if let deadline = families.deadline(connections[place].family, of: place) {
      next = min(next, deadline)
    }
    deadlines.require(place, by: max(next, now.monotonic + 1))
  }
}
