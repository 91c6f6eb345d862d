#if Deflate
import Delivery
import HTTP
import Memory
import WebSocket

/// Compressed messages (RFC 7692).
extension Gateway where Link: ~Copyable {
  /// Whether messages are to be compressed and cannot be: zlib takes more than was planned.
  public var lacksDeflateMemory: Bool {
    mutating get { limits.deflate.memory > 0 && !mailroom.deflation.isReady }
  }

  /// Agrees to the first of a client's offers that can be met (section 5.1), and says so in the
  /// response at hand. Without one the connection goes uncompressed.
  mutating func agreeOnDeflate(
    _ place: Int, _ head: RequestHead, _ bytes: RawSpan
  ) -> DeflateParameters? {
    guard limits.deflate.memory > 0, let offer = Gateway.offer(of: head, bytes),
      let agreed = mailroom.deflation.agree(to: offer, for: place)
    else { return nil }
    connections[place].assembler.takeCompressed()
    return agreed
  }

  private static func offer(of head: RequestHead, _ bytes: RawSpan) -> DeflateParameters? {
    var found: DeflateParameters?
    head.forEachValue(of: "sec-websocket-extensions", in: bytes) { value in
      var offers = ListElements(of: value)
      while found == nil, let offer = offers.next() { found = DeflateParameters(offer: offer) }
    }
    return found
  }

  /// Handles a message that lies whole and compressed in the bytes received.
  @inline(never)
  mutating func inflate(_ place: Int, _ opcode: Opcode, _ payload: RawSpan, _ excess: Excess) {
    connections[place].tornSince = 0
    guard connections[place].phase == .open, var buffer = inflated.take() else { return }
    var target = buffer.mutableBytes(0..<buffer.size)
    // One that is refused is inflated, too: those behind it may refer to it.
    switch mailroom.deflation.inflate(payload, from: place, into: &target) {
    case .tooLong: fail(place, CloseCode(.messageTooBig))
    case .corrupt: fail(place, CloseCode(.corruptMessage))
    case .whole(let count):
      // What little bytes become takes its time, too: a KiB counts as a message queued.
      queuedBefore &-= UInt64(count >> 10)
      handleInflated(place, opcode, target.bytes.extracting(0..<count), excess)
    }
    inflated = consume buffer
  }

  private mutating func handleInflated(
    _ place: Int, _ opcode: Opcode, _ payload: RawSpan, _ excess: Excess
  ) {
    if opcode == .text, !UTF8Validator.isValid(payload) {
      fail(place, CloseCode(.invalidUTF8))
    } else if mayRefuse(place, excess) {
      refuseMessage(place, excess)
    } else if connections[place].phase == .open, deliver(place, opcode, payload) {
      mailroom.send(opcode, payload, to: place)
    }
  }

  /// Handles a compressed message that came in pieces.
  @inline(never)
  mutating func inflatePieces(_ place: Int, _ opcode: Opcode, _ excess: Excess) {
    guard var buffer = assembled.take() else { return }
    let count = Int(connections[place].assembler.pieces.count)
    var target = buffer.mutableBytes(0..<count)
    readPool.copy(connections[place].assembler.pieces, to: &target)
    readPool.giveBack(&connections[place].assembler.pieces)
    inflate(place, opcode, target.bytes, excess)
    assembled = consume buffer
  }
}
#else
import HTTP
import WebSocket

/// Stands where the trait is left out of the build: nothing is agreed on, and nothing compressed.
extension Gateway where Link: ~Copyable {
  func agreeOnDeflate(
    _ place: Int, _ head: RequestHead, _ bytes: RawSpan
  ) -> DeflateParameters? { nil }
  func inflate(_ place: Int, _ opcode: Opcode, _ payload: RawSpan, _ excess: Excess) {}
  func inflatePieces(_ place: Int, _ opcode: Opcode, _ excess: Excess) {}
}
#endif
