import Gateway
import Memory
import Tokens

/// Nothing will happen before the horizon.
struct Idle: Error {}

/// A transport over simulated peers: level-triggered as the board's, with a clock of its own.
struct SimulatedLink: Transport, ~Copyable {
  let network: Network

  var now: UInt64 { network.now }
  var wallClock: UInt64 { network.wallOffset + network.now }
  var microseconds: UInt64 { network.now * 1000 }
  var isClockSynchronized: Bool { network.isClockSynchronized }
  func address(_ place: Int) -> UInt64 { network.places[place]?.address ?? 0 }
  /// One signature is the right one, whatever is signed.
  func verifies(
    _ signature: RawSpan, of signed: RawSpan, by algorithm: Algorithm, key: Int
  ) -> Bool {
    network.checks += 1
    return array(signature) == rightSignature
  }

  mutating func reload() throws(ReloadError) -> Reloaded {
    guard let keys = network.newKeys else { throw ReloadError(Array("no such file".utf8)) }
    return Reloaded(
      keys: keySet(keys, fingerprint: network.newFingerprint), logLevel: .debug)
  }

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

  mutating func send(_ place: Int, _ bytes: RawSpan) -> Transfer {
    send(place, array(bytes))
  }

  mutating func send(_ place: Int, _ list: borrowing GatherList) -> Transfer {
    send(
      place,
      list.withParts { parts, number in
        (0..<number).flatMap {
          UnsafeRawBufferPointer(start: parts[$0].start, count: parts[$0].length)
        }
      })
  }

  private mutating func send(_ place: Int, _ bytes: [UInt8]) -> Transfer {
    precondition(!bytes.isEmpty)
    guard let peer = network.places[place] else { preconditionFailure("sent to nobody") }
    precondition(!peer.isFinished, "sent behind the end")
    if peer.isBroken { return .failed }
    let count = min(bytes.count, peer.window)
    guard count > 0 else { return .wouldBlock }
    if peer.window != .max { peer.window -= count }
    peer.output += bytes.prefix(count)
    return .bytes(count)
  }

  mutating func finish(_ place: Int) { network.places[place]?.isFinished = true }
  mutating func close(_ place: Int) { network.close(place) }
  mutating func touch() {}
  mutating func sixteenRandomBytes() -> InlineArray<16, UInt8> { network.sixteenBytes() }
  func sha1(_ bytes: RawSpan) -> InlineArray<20, UInt8> { simulatedSHA1(bytes) }
  mutating func store(_ batch: RawSpan) { network.disk.begin(array(batch)) }
  func isSecure(_ place: Int) -> Bool { network.places[place]?.isSecure ?? false }
  var secureFigures: SecureFigures { network.secureFigures }
  var storeFigures: StoreFigures { StoreFigures(syncs: UInt64(network.disk.batches)) }
  mutating func takeStoreFailure() -> StoreFailure? { network.disk.finish() }
  mutating func waitForStore(for time: UInt64) -> StoreAnswer {
    guard network.disk.isQuick else { return .busy }
    return network.disk.finish().map { .failed($0) } ?? .done
  }
  func log(_ line: RawSpan) { network.log.append(text(line)) }
}

let rightSignature: [UInt8] = [1, 2, 3]

/// A set of so many secrets without names.
func keySet(_ count: Int, fingerprint: UInt64 = 1) -> KeySet {
  var keys = KeySet()
  for _ in 0..<count { _ = keys.add(algorithms: .hmac, fingerprint: fingerprint) }
  return keys
}

/// A token that the simulated verifier takes.
func token(_ claims: String) -> String {
  func encoded(_ text: String) -> String {
    String(decoding: Base64URL.encoded(Array(text.utf8).span.raw), as: UTF8.self)
  }
  return [encoded(#"{"alg":"HS256"}"#), encoded(claims), "AQID"].joined(separator: ".")
}

func text(_ bytes: RawSpan) -> String { String(decoding: array(bytes), as: UTF8.self) }
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
func array(_ bytes: RawSpan) -> [UInt8] { (0..<bytes.byteCount).map { bytes[$0] } }
