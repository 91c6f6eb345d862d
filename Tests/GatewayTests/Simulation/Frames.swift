import WebSocket

/// One frame as a client writes it, masked.
func frame(
  _ opcode: UInt8, _ payload: [UInt8] = [], isFinal: Bool = true,
  mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
) -> [UInt8] {
  var bytes = [(isFinal ? 0x80 : 0) | opcode]
  if payload.count < 126 {
    bytes.append(0x80 | UInt8(payload.count))
  } else if payload.count <= 0xFFFF {
    bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
  } else {
    bytes.append(0x80 | 127)
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
  }
  bytes += mask
  for (place, byte) in payload.enumerated() { bytes.append(byte ^ mask[place % 4]) }
  return bytes
}

func frame(_ message: String, isFinal: Bool = true) -> [UInt8] {
  frame(1, Array(message.utf8), isFinal: isFinal)
}

func closeFrame(_ code: UInt16) -> [UInt8] { frame(8, [UInt8(code >> 8), UInt8(code & 0xFF)]) }

/// One frame as the gateway wrote it.
struct ServerFrame: Equatable {
  var opcode: UInt8
  var payload: [UInt8]

  static func text(_ text: String) -> ServerFrame {
    ServerFrame(opcode: 1, payload: Array(text.utf8))
  }
  static func close(_ code: UInt16) -> ServerFrame {
    ServerFrame(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 0xFF)])
  }
  static func pong(_ payload: [UInt8]) -> ServerFrame { ServerFrame(opcode: 10, payload: payload) }
  static let ping = ServerFrame(opcode: 9, payload: [])
  static let emptyClose = ServerFrame(opcode: 8, payload: [])
}

/// The frames of `bytes`, a close without its reason; nil when something else, or half a frame,
/// stands there.
func serverFrames(_ bytes: [UInt8]) -> [ServerFrame]? {
  var rest = bytes[...]
  var frames: [ServerFrame] = []
  while rest.count >= 2 {
    let (first, second) = (rest.removeFirst(), rest.removeFirst())
    let lengthSize = second == 126 ? 2 : second == 127 ? 8 : 0
    guard first & 0xF0 == 0x80, second < 0x80, rest.count >= lengthSize else { return nil }
    var size = lengthSize == 0 ? Int(second) : 0
    for _ in 0..<lengthSize { size = size << 8 | Int(rest.removeFirst()) }
    guard rest.count >= size else { return nil }
    let kept = first & 0xF == 8 ? min(size, 2) : size
    frames.append(ServerFrame(opcode: first & 0xF, payload: Array(rest.prefix(kept))))
    rest = rest.dropFirst(size)
  }
  return rest.isEmpty ? frames : nil
}
