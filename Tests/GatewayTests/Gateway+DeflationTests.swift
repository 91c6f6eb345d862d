#if Deflate && Echo
import Memory
import Testing
import WebSocket

@testable import Gateway

/// Compressed messages through the whole gateway; RFC 7692 gives the bytes.
@Suite struct GatewayDeflationTests {
  private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
  private static let again: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]

  private var limits: Limits {
    var limits = Limits.few
    limits.deflate.memory = 1 << 20
    return limits
  }

  private func compressed(
    _ payload: [UInt8], opcode: UInt8 = 1, isFinal: Bool = true
  ) -> [UInt8] {
    var bytes = frame(opcode, payload, isFinal: isFinal)
    bytes[0] |= 0x40
    return bytes
  }

  /// A peer that has offered this, and the line that it was answered with.
  private func open(
    _ simulation: Simulation, _ offer: String?
  ) throws -> (peer: Peer, answer: String?) {
    let peer = simulation.connect()
    peer.send(handshake("/echo", offer.map { "Sec-WebSocket-Extensions: \($0)\r\n" } ?? ""))
    simulation.run()
    let lines = text(peer.takeOutput()).split(separator: "\r\n").map(String.init)
    try #require(lines.first?.hasPrefix("HTTP/1.1 101") == true)
    return (peer, lines.first { $0.hasPrefix("Sec-WebSocket-Extensions: ") })
  }

  @Test func theFirstOfferThatCanBeMetIsAgreedOn() throws {
    let simulation = try Simulation(limits)
    let name = "Sec-WebSocket-Extensions: permessage-deflate"
    let offers: [(String?, String?)] = [
      (nil, nil), ("x", nil), ("permessage-deflate; server_max_window_bits=8", nil),
      ("permessage-deflate; client_max_window_bits", "\(name); client_max_window_bits=12"),
      (
        "x, permessage-deflate; y=1, permessage-deflate; server_max_window_bits=10",
        "\(name); server_max_window_bits=10"
      ),
      (
        "permessage-deflate; server_max_window_bits=8\r\nSec-WebSocket-Extensions: "
          + "permessage-deflate; server_no_context_takeover",
        "\(name); server_no_context_takeover"
      ),
    ]
    for (offer, expected) in offers {
      let (peer, answer) = try open(simulation, offer)
      #expect(answer == expected, "\(offer ?? "")")
      peer.hasEnded = true
      simulation.run()
    }
    let count = simulation.gateway.mailroom.deflation.count
    #expect(count == 0)
    simulation.check()
  }

  @Test func compressedMessagesAreHandledLikeOthersInEveryCut() throws {
    let simulation = try Simulation(limits)
    let stream =
      compressed(Self.hello) + compressed(Self.again) + frame("plain")
      + compressed(Array(Self.hello[..<3]), isFinal: false) + frame(9, [7])
      + frame(0, Array(Self.hello[3...])) + compressed(Self.again, opcode: 2)
    for cut in 0...stream.count {
      let (peer, _) = try open(simulation, "permessage-deflate")
      peer.send(Array(stream[..<cut]))
      simulation.run()
      peer.send(Array(stream[cut...]))
      simulation.run()
      #expect(
        serverFrames(peer.takeOutput()) == [
          .text("Hello"), .text("Hello"), .text("plain"), .pong([7]), .text("Hello"),
          ServerFrame(opcode: 2, payload: Array("Hello".utf8)),
        ], "cut at \(cut)")
      peer.hasEnded = true
      simulation.run()
    }
    simulation.check()
  }

  private static let faults: [(String, [UInt8], UInt16)] = [
    ("the bit on a continuation", [0x41, 0x80, 0, 0, 0, 0, 0xC0, 0x80, 0, 0, 0, 0], 1002),
    ("the bit on a ping", [0xC9, 0x80, 0, 0, 0, 0], 1002),
    ("another bit", [0xE1, 0x80, 0, 0, 0, 0], 1002),
    ("a block of no kind", [0xC1, 0x81, 0, 0, 0, 0, 0x06], 1007),
    ("a message that is not whole", [0xC1, 0x82, 0, 0, 0, 0, 0xF2, 0x48], 1007),
    // 0xFF, stored.
    (
      "text that is not UTF-8", [0xC1, 0x87, 0, 0, 0, 0, 0x00, 0x01, 0x00, 0xFE, 0xFF, 0xFF, 0x00],
      1007
    ),
  ]

  @Test(arguments: faults.indices)
  func everyFaultEndsWithItsCode(_ index: Int) throws {
    let simulation = try Simulation(limits)
    let (peer, _) = try open(simulation, "permessage-deflate")
    peer.send(Self.faults[index].1)
    simulation.run()
    #expect(serverFrames(peer.output) == [.close(Self.faults[index].2)], "\(Self.faults[index].0)")
    simulation.check()
  }

  @Test func whoHasNotAgreedMayNotSendTheBit() throws {
    let simulation = try Simulation(limits)
    let (peer, _) = try open(simulation, nil)
    peer.send(compressed(Self.hello))
    simulation.run()
    #expect(serverFrames(peer.output) == [.close(1002)])
  }

  /// A message of one byte over and over, as long as it may be and one byte longer; then a bomb.
  @Test(arguments: [(512, nil), (513, UInt16(1009)), (400_000, 1009)] as [(Int, UInt16?)])
  func inflatingStopsAtTheLargestMessage(_ count: Int, _ code: UInt16?) throws {
    let simulation = try Simulation(limits)
    let (peer, _) = try open(simulation, "permessage-deflate")
    var memory = DeflateMemory(size: 1 << 20)
    var deflater = memory.makeDeflater(windowBits: 15, level: 9)!
    var writer = ByteWriter(capacity: 2000)
    let bytes = [UInt8](repeating: 0x61, count: count)
    _ = deflater.deflate(bytes.span.raw, into: &writer, limit: 1000)
    deflater.end()
    // Streams must not outlive it.
    let left = memory.used
    #expect(left == 0)
    peer.send(compressed(contents(of: writer)))
    simulation.run()
    let answer = serverFrames(peer.output)
    if let code {
      #expect(answer == [.close(code)])
    } else {
      // As short as it came.
      #expect(answer == nil && peer.output[0] == 0xC1 && peer.output.count < 20)
    }
    simulation.check()
  }

  private func contents(of writer: borrowing ByteWriter) -> [UInt8] {
    let bytes = writer.bytes
    return (0..<bytes.byteCount).map { bytes[$0] }
  }

  @Test func aMessageThatCannotBeCompressedMayBeAsLongAsAnyOther() throws {
    let simulation = try Simulation(limits)
    let (peer, _) = try open(simulation, "permessage-deflate")
    let noise = (0..<512).map { UInt8(truncatingIfNeeded: $0 &* 167 ^ ($0 >> 3) &* 89) }
    // Stored in pieces of 64 bytes.
    var stored: [UInt8] = []
    for start in stride(from: 0, to: 512, by: 64) {
      stored += [0x00, 64, 0, 0xBF, 0xFF] + noise[start..<(start + 64)]
    }
    peer.send(compressed(stored + [0x00], opcode: 2))
    simulation.run()
    #expect(serverFrames(peer.takeOutput()) == [ServerFrame(opcode: 2, payload: noise)])
    peer.send(frame(2, noise + [1]))
    simulation.run()
    #expect(serverFrames(peer.takeOutput()) == [.close(1009)])
  }
}
#endif
