import Memory
import Testing

@testable import Delivery

/// Takes at most `length` bytes of what waits for a connection, as a kernel would.
func take(_ length: Int, from mailroom: inout Mailroom, _ connection: Int) -> [UInt8] {
  var taken: [UInt8] = []
  let waiting = mailroom.outboxes.waiting(for: connection)
  taken = Array(waiting.prefix(length))
  mailroom.outboxes.sent(taken.count, from: connection)
  return taken
}

extension Outboxes {
  /// All that one write would offer, of parts or of the one piece that there is.
  borrowing func waiting(for connection: Int, limit: Int = .max) -> [UInt8] {
    let gathered = gathered(for: connection, limit: limit)
    let piece = onePiece(connection, limit: limit)
    if piece.byteCount > 0 {
      #expect((0..<piece.byteCount).map { piece[$0] } == gathered)
    }
    return gathered
  }

  private borrowing func gathered(for connection: Int, limit: Int) -> [UInt8] {
    let list = gather(connection, limit: limit)
    return unsafe list.withParts { parts, count in
      (0..<count).flatMap { index -> [UInt8] in
        let part = unsafe parts[index]
        return unsafe Array(UnsafeRawBufferPointer(start: part.start, count: part.length))
      }
    }
  }
}

/// The frames of a server's stream: opcode and length of the payload; nil when it ends inside one.
func frames(of stream: [UInt8]) -> [(opcode: UInt8, payload: [UInt8])]? {
  var found: [(UInt8, [UInt8])] = []
  var rest = stream[...]
  while let first = rest.popFirst() {
    guard let short = rest.popFirst() else { return nil }
    var length = Int(short)
    if short == 126 {
      guard rest.count >= 2 else { return nil }
      length = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())
    }
    guard rest.count >= length else { return nil }
    found.append((first & 0x0F, Array(rest.prefix(length))))
    rest = rest.dropFirst(length)
  }
  return found
}
