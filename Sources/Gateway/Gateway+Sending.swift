import Delivery
import Memory
import WebSocket

/// From outboxes to the network.
extension Gateway where Link: ~Copyable {
  /// Sends what waits for one connection, as far as the kernel takes it.
  @_optimize(speed)
  mutating func flush(_ place: Int) {
    guard connections[place].phase != .lost else { return }
    while !mailroom.outboxes.isEmpty(place) {
      let free = mailroom.free(place)
      // The rest waits for the disk: it is not the peer that takes nothing.
      guard free > 0 else { return unblock(place) }
      let (result, offered) = Gateway.send(place, mailroom.outboxes, limit: free, to: &link)
      switch result {
      case .bytes(let count):
        metrics.bytesOut &+= UInt64(count)
        let held = mailroom.outboxes.slotCount(of: place)
        mailroom.sent(count, from: place)
        if count == offered { continue }
        // A few bytes now and then are no progress: a slot has to come back.
        block(place, progressed: mailroom.outboxes.slotCount(of: place) < held)
      case .wouldBlock: block(place, progressed: false)
      case .ended, .failed: lose(place)
      }
      return
    }
    if connections[place].phase != .vacant { drained(place) }
  }

  /// Returns how many bytes were offered, too.
  @_optimize(speed)
  private static func send(
    _ place: Int, _ outboxes: borrowing Outboxes, limit: Int, to link: inout Link
  ) -> (Transfer, Int) {
    let piece = outboxes.onePiece(place, limit: limit)
    if piece.byteCount > 0 { return (link.send(place, piece), piece.byteCount) }
    return sendParts(place, outboxes, limit: limit, to: &link)
  }

  @inline(never) @_optimize(speed)
  private static func sendParts(
    _ place: Int, _ outboxes: borrowing Outboxes, limit: Int, to link: inout Link
  ) -> (Transfer, Int) {
    let list = outboxes.gather(place, limit: limit)
    return (link.send(place, list), list.byteCount)
  }

  // MARK: Answers at once

  /// Gathers the answers to what is about to be read, where a family gives nothing but answers.
  @_optimize(speed)
  mutating func beginCork(_ place: Int) {
    guard connections[place].phase == .open, connections[place].blockedSince == 0,
      Families.onlyAnswers(connections[place].family)
    else { return }
    mailroom.beginCork(place)
  }

  /// Sends what was gathered; what the kernel does not take waits in the outbox.
  @inline(__always)
  mutating func endCork(_ place: Int) {
    if mailroom.isCorked(place) { sendCork(place) }
  }

  @_optimize(speed)
  private mutating func sendCork(_ place: Int) {
    let size = mailroom.corked.byteCount
    guard size > 0 else { return mailroom.endCork(place, sent: 0) }
    let sent = noteSent(place, Gateway.sendCork(place, mailroom, to: &link), of: size)
    mailroom.endCork(place, sent: sent)
  }

  @_optimize(speed)
  private static func sendCork(
    _ place: Int, _ mailroom: borrowing Mailroom, to link: inout Link
  ) -> Transfer { link.send(place, mailroom.corked) }

  /// Sends a message back to whom it came from: the last of what was received from where it lies,
  /// with a head in place of the client's, if nothing goes before it.
  ///
  /// - Parameter payload: where it lies in `bytes`.
  @inline(__always)
  mutating func sendBack(
    _ place: Int, _ opcode: Opcode, _ payload: Range<Int>, _ bytes: inout MutableRawSpan
  ) {
    if payload.upperBound == bytes.byteCount, mailroom.endEmptyCork(place) {
      sendInPlace(place, opcode, payload, &bytes)
    } else {
      mailroom.send(opcode, bytes.bytes.extracting(payload), to: place)
    }
  }

  @inline(never) @_optimize(speed)
  private mutating func sendInPlace(
    _ place: Int, _ opcode: Opcode, _ payload: Range<Int>, _ bytes: inout MutableRawSpan
  ) {
    let start = bytes.write(headOf: opcode, before: payload)
    let frame = bytes.bytes.extracting(start..<payload.upperBound)
    let sent = noteSent(place, link.send(place, frame), of: frame.byteCount)
    mailroom.noteSent(sent, of: frame, to: place)
  }

  /// Notes what became of `size` bytes that were sent at once, and returns how many of them need
  /// not wait in the outbox.
  @inline(__always)
  private mutating func noteSent(_ place: Int, _ result: Transfer, of size: Int) -> Int {
    if result == .bytes(size) {
      metrics.bytesOut &+= UInt64(size)
      return size
    }
    return noteStuck(place, result, of: size)
  }

  @inline(never)
  private mutating func noteStuck(_ place: Int, _ result: Transfer, of size: Int) -> Int {
    switch result {
    case .bytes(let count):
      metrics.bytesOut &+= UInt64(count)
      block(place, progressed: false)
      return count
    case .wouldBlock:
      block(place, progressed: false)
      return 0
    case .ended, .failed:
      lose(place)
      return size
    }
  }

  /// The network has given a connection up, perhaps in the midst of something that tells many: it
  /// is dropped when that is over.
  private mutating func lose(_ place: Int) {
    connections[place].phase = .lost
    lost.insert(place)
    watch(place)
  }

  /// Goes on with what did not fit into the outbox at once.
  @_optimize(speed)
  mutating func tellMore(_ place: Int) {
    guard mailroom.waiting.contains(place) else { return }
    mailroom.waiting.remove(place)
    switch connections[place].phase {
    case .open: families.resumed(connections[place].family, place, at: now, &mailroom)
    case .head: tellReport(place)
    case .vacant, .closing, .lingering, .lost: return
    }
    // What found no room although nothing else waits: slots of others have to come back first.
    if mailroom.waiting.contains(place), mailroom.outboxes.isEmpty(place) {
      unfinished.insert(place)
    }
  }

  /// The kernel takes no more for now.
  private mutating func block(_ place: Int, progressed: Bool) {
    if progressed || connections[place].blockedSince == 0 {
      connections[place].blockedSince = now.monotonic
      mailroom.blocked.insert(place)
      deadlines.require(place, by: now.monotonic + limits.writeWait)
    }
    watch(place)
  }

  private mutating func unblock(_ place: Int) {
    guard connections[place].blockedSince != 0 else { return }
    connections[place].blockedSince = 0
    mailroom.blocked.remove(place)
    watch(place)
  }

  /// All is sent.
  @_optimize(speed)
  private mutating func drained(_ place: Int) {
    unblock(place)
    if connections[place].isStalled { resumable.insert(place) }
    if mailroom.waiting.contains(place) { unfinished.insert(place) }
    guard connections[place].phase == .lingering else { return }
    if connections[place].hasEnded { return drop(place, because: "peer ended") }
    if !connections[place].isFinished {
      connections[place].isFinished = true
      link.finish(place)
    }
  }

  // MARK: Giving up

  /// While somebody waits for slots, gives up those who have taken nothing for the longest, and for
  /// `pressureWait` at least: first they are closed, which leaves them the frame that was begun,
  /// then dropped.
  @inline(never)
  mutating func makeWay() {
    while isShort, let place = stuck() {
      if connections[place].phase == .open {
        closeSlow(place)
      } else {
        drop(place, because: "took nothing while others waited")
      }
    }
  }

  /// Who has taken nothing for the longest, and for long enough; nil when there is nobody.
  private func stuck() -> Int? {
    var (found, earliest) = (nil as Int?, now.monotonic)
    var next = mailroom.blocked.first(from: 0)
    while let place = next {
      // Who was closed has as long again for the rest.
      let since = max(connections[place].blockedSince, closedSince(place))
      if since + limits.pressureWait <= now.monotonic, since < earliest {
        (found, earliest) = (place, since)
      }
      next = mailroom.blocked.first(from: place + 1)
    }
    return found
  }

  private func closedSince(_ place: Int) -> UInt64 {
    switch connections[place].phase {
    case .closing, .lingering: connections[place].since
    case .vacant, .head, .open, .lost: 0
    }
  }

  // MARK: Closing

  /// Closes from our side: the peer gets all that is queued, the code, and time to answer.
  mutating func close(_ place: Int, _ code: CloseCode) {
    guard connections[place].phase == .open else { return }
    if code == .internalError { metrics.count(.internalError) }
    leaveFamily(place)
    // Without room even for that, no answer can be awaited.
    guard mailroom.sendClose(code, code.reason, to: place, dropping: false) else {
      return linger(place)
    }
    enter(.closing, place, for: limits.closeWait)
  }

  /// Closes who missed a frame.
  @inline(never)
  mutating func closeWithout(_ place: Int) {
    if mailroom.faulty.contains(place) {
      close(place, .internalError)
    } else if connections[place].phase == .open {
      closeSlow(place)
    }
  }

  /// Closes because of what the peer did: its messages are not read any longer.
  @inline(never)
  mutating func fail(_ place: Int, _ code: CloseCode) {
    if let incident = Incident(code) { metrics.count(incident) }
    if log.begin(.debug, "connection fails", at: now.wall) {
      log.field("connection", place)
      log.field("code", Int(code.rawValue))
      endLogLine()
    }
    leaveFamily(place)
    if connections[place].phase == .open {
      mailroom.sendClose(code, code.reason, to: place, dropping: false)
    }
    linger(place)
  }

  /// Closes a peer that does not take what it is sent: it gets the code if it still reads at all.
  @inline(never)
  mutating func closeSlow(_ place: Int) {
    metrics.count(.slowReceiver)
    leaveFamily(place)
    let code = CloseCode.tryAgainLater
    mailroom.sendClose(code, code.reason, to: place, dropping: true)
    linger(place)
  }

  /// The peer's close frame: the answer to ours, or to be answered (RFC 6455, section 5.5.1).
  mutating func peerCloses(_ place: Int, _ code: CloseCode?) {
    if connections[place].phase == .open {
      leaveFamily(place)
      if let code {
        mailroom.sendClose(code, to: place, dropping: false)
      } else {
        mailroom.sendControl(.close, RawSpan(), to: place)
      }
    }
    linger(place)
  }

  /// Nothing more is said after what is queued.
  mutating func linger(_ place: Int) {
    readPool.giveBack(&connections[place].assembler.pieces)
    readPool.giveBack(&connections[place].backlog)
    countHolder(place)
    connections[place].isStalled = false
    mailroom.dirty.insert(place)
    enter(.lingering, place, for: limits.closeWait)
    watch(place)
  }

  private mutating func enter(_ phase: Phase, _ place: Int, for duration: UInt64) {
    connections[place].phase = phase
    connections[place].since = now.monotonic
    deadlines.require(place, by: now.monotonic + duration)
  }

  /// The peer's end of the stream: it may still read what is queued.
  mutating func peerEnded(_ place: Int) {
    guard !mailroom.outboxes.isEmpty(place) else { return drop(place, because: "peer ended") }
    connections[place].hasEnded = true
    if connections[place].phase == .lingering { return watch(place) }
    leaveFamily(place)
    linger(place)
  }
}
