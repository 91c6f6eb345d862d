import Gateway
import Memory

/// Nothing will happen before the horizon.
struct Idle: Error {}

/// A transport over simulated peers: level-triggered as the board's, with a clock of its own.
struct SimulatedLink: Transport, ~Copyable {
  let network: Network

  var now: UInt64 { network.now }
  var wallClock: UInt64 { network.wallOffset + network.now }

  mutating func wait(until deadline: UInt64?) throws(Idle) {
    guard network.wait(until: deadline) else { throw Idle() }
  }

  mutating func nextEvent() -> LinkEvent? { network.nextEvent() }

  mutating func watch(_ place: Int, readable: Bool, writable: Bool) {
    network.places[place]?.isRead = readable
    network.places[place]?.isWritten = writable
  }

  mutating func receive(_ place: Int, into target: inout MutableRawSpan) -> Transfer {
    precondition(target.byteCount > 0)
    guard let peer = network.places[place] else { preconditionFailure("received from nobody") }
    if peer.isBroken { return .failed }
    guard let chunk = peer.inbox.first else { return peer.hasEnded ? .ended : .wouldBlock }
    let count = min(chunk.count, target.byteCount)
    target.copy(chunk.span.raw.extracting(0..<count), to: 0)
    if count == chunk.count {
      peer.inbox.removeFirst()
    } else {
      peer.inbox[0].removeFirst(count)
    }
    return .bytes(count)
  }

  mutating func send(_ place: Int, _ list: borrowing GatherList) -> Transfer {
    precondition(list.byteCount > 0)
    guard let peer = network.places[place] else { preconditionFailure("sent to nobody") }
    precondition(!peer.isFinished, "sent behind the end")
    if peer.isBroken { return .failed }
    let count = min(list.byteCount, peer.window)
    guard count > 0 else { return .wouldBlock }
    if peer.window != .max { peer.window -= count }
    let bytes = list.withParts { parts, number in
      (0..<number).flatMap {
        UnsafeRawBufferPointer(start: parts[$0].start, count: parts[$0].length)
      }
    }
    peer.output += bytes.prefix(count)
    return .bytes(count)
  }

  mutating func finish(_ place: Int) { network.places[place]?.isFinished = true }
  mutating func close(_ place: Int) { network.close(place) }
  mutating func touch() {}
  mutating func sixteenRandomBytes() -> InlineArray<16, UInt8> { network.sixteenBytes() }
  func sha1(_ bytes: RawSpan) -> InlineArray<20, UInt8> { simulatedSHA1(bytes) }
  func log(_ line: RawSpan) { network.log.append(text(line)) }
}

func text(_ bytes: RawSpan) -> String { String(decoding: array(bytes), as: UTF8.self) }
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
func array(_ bytes: RawSpan) -> [UInt8] { (0..<bytes.byteCount).map { bytes[$0] } }
