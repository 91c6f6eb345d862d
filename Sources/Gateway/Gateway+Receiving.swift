import Delivery
import HTTP
import Memory
import WebSocket

/// From bytes to messages.
extension Gateway where Link: ~Copyable {
  /// Receives once from a ready connection, no more than could be kept if all of it had to wait.
  @_optimize(speed)
  mutating func receive(_ place: Int, _ buffer: inout Buffer) {
    guard connections[place].phase != .vacant, connections[place].phase != .lost,
      !connections[place].isStalled
    else { return }
    // It stays ready, and has its turn in the next one.
    guard !isSpent else { return }
    // What a lingering peer sends is thrown away: it needs no slot.
    let isLingering = connections[place].phase == .lingering
    guard isLingering || connections[place].blockedSince == 0 else { return }
    let allowance = isLingering ? bounds.receiveSize : readAllowance(place)
    guard allowance > 0 else {
      // A stranger's long head can come again.
      if connections[place].phase == .head, connections[place].isHolder {
        return refuse(place, .serviceUnavailable, "Come again a bit later: no room now.")
      }
      starved.insert(place)
      watch(place)
      return
    }
    let kept = Int(connections[place].backlog.count)
    var target = buffer.mutableBytes(from: kept, count: allowance)
    switch link.receive(place, into: &target) {
    case .bytes(let count):
      connections[place].lastReceived = now.monotonic
      metrics.bytesIn &+= UInt64(truncatingIfNeeded: count)
      if kept > 0 { takeBacklog(place, into: &buffer) }
      process(place, &buffer, count: kept + count)
    case .wouldBlock: break
    case .ended: peerEnded(place)
    case .failed: drop(place, because: "connection lost")
    }
  }

  /// Goes on with what had to wait.
  @_optimize(speed)
  mutating func resume(_ place: Int, _ buffer: inout Buffer) {
    guard connections[place].isStalled, connections[place].blockedSince == 0 else { return }
    guard !isSpent else { return resumable.insert(place) }
    // Torn across two chains it may need one slot more than it holds.
    guard readPool.available > 0 else { return congested.insert(place) }
    connections[place].isStalled = false
    let kept = Int(connections[place].backlog.count)
    if kept > 0 { takeBacklog(place, into: &buffer) }
    process(place, &buffer, count: kept)
    if connections[place].phase != .vacant { watch(place) }
  }

  @inline(never) private mutating func takeBacklog(_ place: Int, into buffer: inout Buffer) {
    var target = buffer.mutableBytes(0..<Int(connections[place].backlog.count))
    readPool.copy(connections[place].backlog, to: &target)
    readPool.giveBack(&connections[place].backlog)
  }

  /// Handles what is whole in the first `count` bytes, and keeps the rest.
  @_optimize(speed)
  private mutating func process(_ place: Int, _ buffer: inout Buffer, count: Int) {
    var bytes = buffer.mutableBytes(from: 0, count: count)
    var position = 0
    beginCork(place)
    var goesOn = count > 0
    while goesOn {
      goesOn = readOn(place, &bytes, &position) && position < count
      guard goesOn, isSpent else { continue }
      waitForTurn(place)
      goesOn = false
    }
    endCork(place)
    if position < count || isUnsettled(place) {
      keep(place, bytes.bytes.extracting(position..<count))
      countHolder(place)
    }
  }

  /// Whether a message was begun, or something was kept, or was until now.
  @inline(__always)
  private mutating func isUnsettled(_ place: Int) -> Bool {
    connections[place].tornSince != 0 || connections[place].assembler.isTorn
      || connections[place].isHolder
  }

  /// Lets a connection go on in the next turn.
  mutating func waitForTurn(_ place: Int) {
    connections[place].isStalled = true
    resumable.insert(place)
    watch(place)
  }

  /// Lets a connection go on when the journal has room again: a batch is on its way, or soon will
  /// be.
  mutating func waitForDisk(_ place: Int) {
    connections[place].isStalled = true
    watch(place)
  }

  /// What they have waited for may be there.
  mutating func resumeStalled() {
    for place in 0..<limits.places
    where connections[place].isStalled && connections[place].blockedSince == 0 {
      resumable.insert(place)
    }
  }

  @_optimize(speed)
  private mutating func keep(_ place: Int, _ rest: RawSpan) {
    switch connections[place].phase {
    case .vacant, .lost, .lingering: return
    case .head, .open, .closing: break
    }
    if rest.byteCount > 0 {
      let kept = readPool.append(rest, to: &connections[place].backlog)
      precondition(kept, "more was received than could be kept")
    }
    noteTorn(place)
  }

  /// A message that was begun has to be whole in time: it holds memory.
  @_optimize(speed)
  private mutating func noteTorn(_ place: Int) {
    guard connections[place].phase == .open else { return }
    let isTorn = connections[place].assembler.isTorn || !connections[place].backlog.isEmpty
    if !isTorn || connections[place].isStalled {
      connections[place].tornSince = 0
    } else if connections[place].tornSince == 0 {
      connections[place].tornSince = now.monotonic
      deadlines.require(place, by: now.monotonic + limits.readWait)
    }
  }

  /// Handles one message, frame or request head; false when no whole one is left, or the connection
  /// has to wait.
  @inline(__always)
  private mutating func readOn(
    _ place: Int, _ bytes: inout MutableRawSpan, _ position: inout Int
  ) -> Bool {
    if connections[place].phase == .open { return readMessage(place, &bytes, &position) }
    return readOther(place, &bytes, &position)
  }

  /// The same of a connection that is not open.
  @inline(never)
  private mutating func readOther(
    _ place: Int, _ bytes: inout MutableRawSpan, _ position: inout Int
  ) -> Bool {
    switch connections[place].phase {
    case .open, .closing: hasRoomForReply(place) && readFrame(place, &bytes, &position)
    case .head: readHead(place, &bytes, &position)
    case .lingering, .lost, .vacant: false
    }
  }

  /// Whether one more message may be handled. Where it may, the phase is what it was.
  @inline(__always)
  private mutating func hasRoomForReply(_ place: Int) -> Bool {
    mailroom.corkTakes(bounds.reply, for: place) || makeRoom(place)
  }

  /// Handles what nearly every frame is at once: a whole message.
  @inline(__always)
  private mutating func readMessage(
    _ place: Int, _ bytes: inout MutableRawSpan, _ position: inout Int
  ) -> Bool {
    guard hasRoomForReply(place) else { return false }
    let start = position
    do {
      guard
        let (opcode, payload) = try connections[place].assembler.nextWhole(
          &bytes, &position, messageMaximum: bounds.messageMaximum)
      else { return readFrame(place, &bytes, &position) }
      take(place, opcode, payload, &bytes, position &- start)
      return true
    } catch {
      fail(place, CloseCode(error))
      return false
    }
  }

  /// Handles one frame, or a part of it.
  @inline(never) @_optimize(speed)
  private mutating func readFrame(
    _ place: Int, _ bytes: inout MutableRawSpan, _ position: inout Int
  ) -> Bool {
    let start = position
    do {
      let incoming = try connections[place].assembler.next(
        &bytes, &position, messageMaximum: bounds.messageMaximum,
        compressedMaximum: bounds.compressedMaximum, pool: &readPool)
      return handle(place, incoming, &bytes, position - start)
    } catch {
      fail(place, CloseCode(error))
      return false
    }
  }

  /// Handles what has come in a frame, of which `size` bytes were consumed.
  @_optimize(speed)
  private mutating func handle(
    _ place: Int, _ incoming: Incoming, _ bytes: inout MutableRawSpan, _ size: Int
  ) -> Bool {
    switch incoming {
    case .needMore: return false
    case .fragment: _ = excess(place, size)
    case .message(let opcode, let payload):
      takeApart(place, opcode, bytes.bytes.extracting(payload), size)
    case .assembled(let opcode): takePieces(place, opcode, size)
    case .compressed(let opcode, let range):
      inflate(place, opcode, bytes.bytes.extracting(range), excess(place, size))
    case .compressedPieces(let opcode): inflatePieces(place, opcode, excess(place, size))
    case .ping(let range):
      if connections[place].phase == .open {
        mailroom.sendControl(.pong, bytes.bytes.extracting(range), to: place)
      }
      _ = excess(place, size)
    case .pong:
      connections[place].pingSent = 0
      _ = excess(place, size)
    case .close(let code): peerCloses(place, code)
    }
    return true
  }

  /// Handles a message that lies whole in what was received, in a frame of `size` bytes.
  @inline(__always)
  private mutating func take(
    _ place: Int, _ opcode: Opcode, _ payload: Range<Int>, _ bytes: inout MutableRawSpan,
    _ size: Int
  ) {
    connections[place].tornSince = 0
    if bounds.isRated, isRefused(place, size) { return }
    if deliver(place, opcode, bytes.bytes.extracting(payload)) {
      sendBack(place, opcode, payload, &bytes)
    }
  }

  private mutating func takePieces(_ place: Int, _ opcode: Opcode, _ size: Int) {
    guard var buffer = assembled.take() else { return }
    let count = Int(connections[place].assembler.pieces.count)
    var target = buffer.mutableBytes(0..<count)
    readPool.copy(connections[place].assembler.pieces, to: &target)
    readPool.giveBack(&connections[place].assembler.pieces)
    takeApart(place, opcode, target.bytes, size)
    assembled = consume buffer
  }

  /// Handles a message that did not come whole; its last frame has `size` bytes.
  @inline(never) @_optimize(speed)
  private mutating func takeApart(
    _ place: Int, _ opcode: Opcode, _ payload: RawSpan, _ size: Int
  ) {
    connections[place].tornSince = 0
    guard !isRefused(place, size) else { return }
    if deliver(place, opcode, payload) { mailroom.send(opcode, payload, to: place) }
  }

  /// Hands a message of an open connection to its family. Returns whether it is to be sent back.
  @inline(__always)
  mutating func deliver(_ place: Int, _ opcode: Opcode, _ payload: RawSpan) -> Bool {
    assert(connections[place].phase == .open)
    metrics.messagesIn &+= 1
    let family = connections[place].family
    if EchoFamily.isBuiltIn, family == .echo { return true }
    handOver(place, family, opcode, payload)
    return false
  }

  @inline(never) @_optimize(speed)
  private mutating func handOver(
    _ place: Int, _ family: FamilyKind, _ opcode: Opcode, _ payload: RawSpan
  ) {
    guard opcode == .text || families.takesBinary(family) else {
      return fail(place, .unsupportedData)
    }
    let step = families.received(family, opcode, payload, from: place, at: now, &mailroom)
    if case .close(let code) = step { close(place, code) }
  }

  /// Makes sure that the answer to one more message finds room, and lets the connection wait when
  /// it does not.
  @_optimize(speed)
  mutating func makeRoom(_ place: Int) -> Bool {
    if mailroom.isCorked(place) {
      endCork(place)
      guard connections[place].phase != .lost else { return false }
      beginCork(place)
      if mailroom.isCorked(place) { return true }
    }
    relieve()
    if hasRoom(place) { return true }
    flush(place)
    if !writeSlotsSuffice {
      while let other = mailroom.dirty.popFirst() { flush(other) }
    }
    // Any of these may have found the connection lost.
    guard connections[place].phase != .lost else { return false }
    if hasRoom(place) { return true }
    connections[place].isStalled = true
    if connections[place].blockedSince == 0, !mailroom.isHeld(place) { congested.insert(place) }
    watch(place)
    return false
  }

  /// Whether one more message may be answered. A peer that takes nothing for now gets nothing new.
  @_optimize(speed)
  private mutating func hasRoom(_ place: Int) -> Bool {
    connections[place].blockedSince == 0 && connections[place].phase != .lost
      && connections[place].report.kind == .none
      && mailroom.outboxes.count(of: place) <= mailroom.places / 2
      && mailroom.mayBeAnswered(place)
      && mailroom.hasRoom(for: bounds.reply, to: place)
  }
}
