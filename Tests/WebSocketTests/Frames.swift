import Memory
import WebSocket

/// A client's frame, masked.
func frame(
  _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, isCompressed: Bool = false,
  key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
) -> [UInt8] {
  var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode]
  switch payload.count {
  case ..<126: bytes.append(0x80 | UInt8(payload.count))
  case ...0xFFFF:
    bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
  default:
    bytes.append(0x80 | 127)
    for place in 0..<8 {
      bytes.append(UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * place)))
    }
  }
  bytes += key
  for (place, byte) in payload.enumerated() { bytes.append(byte ^ key[place % 4]) }
  return bytes
}

/// What a stream of frames came to, in a form that tests compare.
enum Event: Equatable {
  case message(Opcode, [UInt8])
  case compressed(Opcode, [UInt8])
  case fragment
  case ping([UInt8])
  case pong([UInt8])
  case close(CloseCode?)
  case violation(ProtocolViolation)
}

/// Feeds `stream` in the given pieces as a gateway does: what was not consumed comes again in front
/// of the next piece. Returns the events, and how many slots were not given back.
func events(
  of stream: [UInt8], cutAt cuts: [Int], messageMaximum: Int = 100_000, compressedMaximum: Int = 0,
  slotSize: Int = 16
) -> (events: [Event], lost: Int) {
  var pool = SlotPool(capacity: 8192, slotSize: slotSize)
  var assembler = MessageAssembler()
  if compressedMaximum > 0 { assembler.takeCompressed() }
  var found: [Event] = []
  var rest: [UInt8] = []
  var start = 0
  for end in cuts + [stream.count] {
    var bytes = rest + stream[start..<end]
    start = end
    var position = 0
    let goesOn = drain(
      &bytes, &position, &assembler, &pool, (messageMaximum, compressedMaximum), &found)
    guard goesOn else { break }
    rest = Array(bytes[position...])
  }
  pool.giveBack(&assembler.pieces)
  return (found, pool.capacity - pool.available)
}

/// False after a violation: nothing more is read then.
private func drain(
  _ bytes: inout [UInt8], _ position: inout Int, _ assembler: inout MessageAssembler,
  _ pool: inout SlotPool, _ maximum: (Int, compressed: Int), _ found: inout [Event]
) -> Bool {
  while true {
    do throws(ProtocolViolation) {
      var span = bytes.mutableSpan
      var raw = span.mutableBytes
      let incoming = try assembler.next(
        &raw, &position, messageMaximum: maximum.0, compressedMaximum: maximum.compressed,
        pool: &pool)
      switch incoming {
      case .needMore: return true
      case .fragment: found.append(.fragment)
      case .message(let opcode, let range): found.append(.message(opcode, copy(raw.bytes, range)))
      case .assembled(let opcode):
        found.append(.message(opcode, contents(of: &assembler.pieces, in: &pool)))
      case .compressed(let opcode, let range):
        found.append(.compressed(opcode, copy(raw.bytes, range)))
      case .compressedPieces(let opcode):
        found.append(.compressed(opcode, contents(of: &assembler.pieces, in: &pool)))
      case .ping(let range): found.append(.ping(copy(raw.bytes, range)))
      case .pong(let range): found.append(.pong(copy(raw.bytes, range)))
      case .close(let code): found.append(.close(code))
      }
    } catch {
      found.append(.violation(error))
      return false
    }
  }
}

private func copy(_ bytes: RawSpan, _ range: Range<Int>) -> [UInt8] { range.map { bytes[$0] } }

private func contents(of chain: inout SlotChain, in pool: inout SlotPool) -> [UInt8] {
  let count = Int(chain.count)
  var buffer = Buffer(size: count + 1)
  var target = buffer.mutableBytes(0..<count)
  pool.copy(chain, to: &target)
  let bytes = copy(target.bytes, 0..<count)
  pool.giveBack(&chain)
  return bytes
}
