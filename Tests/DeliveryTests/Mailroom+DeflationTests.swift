#if Deflate
import Memory
import Testing
import WebSocket

@testable import Delivery

/// What one client reads: compressed frames are inflated with the client's own memory.
private struct Client: ~Copyable {
  private var memory = DeflateMemory(size: 128 << 10)
  private var inflater: Inflater
  private let forgets: Bool

  init(_ agreed: DeflateParameters) {
    inflater = memory.makeInflater(windowBits: agreed.serverWindowBits ?? 15)!
    forgets = agreed.serverForgets
  }

  /// The messages of a stream and whether they were compressed; nil when one cannot be read.
  mutating func read(_ stream: [UInt8]) -> [(text: [UInt8], isCompressed: Bool)]? {
    var messages: [([UInt8], Bool)] = []
    var rest = stream[...]
    while let first = rest.first {
      let size = rest[rest.startIndex + 1] == 126 ? 4 : 2
      let short = Int(rest[rest.startIndex + 1])
      let length =
        size == 2
        ? short : Int(rest[rest.startIndex + 2]) << 8 | Int(rest[rest.startIndex + 3])
      let payload = Array(rest.dropFirst(size).prefix(length))
      rest = rest.dropFirst(size + length)
      guard first & 0x40 != 0 else {
        messages.append((payload, false))
        continue
      }
      if forgets { inflater.reset() }
      var buffer = Buffer(size: 4097)
      var target = buffer.mutableBytes(0..<4097)
      guard case .whole(let count) = inflater.inflate(payload.span.raw, into: &target) else {
        return nil
      }
      messages.append(((0..<count).map { target.bytes[$0] }, true))
    }
    return messages
  }
}

@Suite struct MailroomDeflationTests {
  private func makeMailroom(memory: Int = 1 << 20, bits: Int = 12, slots: Int = 64) -> Mailroom {
    var limits = DeflateLimits()
    limits.memory = memory
    limits.windowBits = bits
    return Mailroom(
      connections: 6, places: 8, slots: slots, slotSize: 256, draftSize: 2048, deflate: limits,
      seed: 1)
  }

  private func message(_ number: Int, count: Int = 20) -> [UInt8] {
    Array(String(repeating: "{\"type\":\"message\",\"n\":\(number)}", count: count).utf8)
  }

  private func offer(
    serverForgets: Bool = false, clientForgets: Bool = false, server: Int? = nil,
    client: Int? = nil
  ) -> DeflateParameters {
    var offer = DeflateParameters()
    offer.serverForgets = serverForgets
    offer.clientForgets = clientForgets
    offer.serverWindowBits = server
    offer.clientWindowBits = client
    return offer
  }

  private func broadcast(_ bytes: [UInt8], to connections: [Int], _ mailroom: inout Mailroom) {
    mailroom.draft.append(bytes.span.raw)
    mailroom.shareDraft()
    for connection in connections { mailroom.sendShared(to: connection) }
  }

  @Test func whatIsAgreedOnIsWhatWasOfferedAsFarAsTheMemoryGoes() {
    var mailroom = makeMailroom()
    let plain = mailroom.deflation.agree(to: offer(), for: 0)
    #expect(plain == offer())
    let told = mailroom.deflation.agree(to: offer(server: 10, client: 15), for: 1)
    #expect(told == offer(server: 10, client: 12))
    let small = mailroom.deflation.agree(to: offer(server: 15, client: 8), for: 2)
    #expect(small == offer(server: 12, client: 8))
    let both = mailroom.deflation.agree(
      to: offer(serverForgets: true, clientForgets: true, server: 11, client: 11), for: 3)
    #expect(both == offer(serverForgets: true, clientForgets: true, server: 9))
    let shared = mailroom.deflation.agree(to: offer(serverForgets: true, server: 13), for: 4)
    #expect(shared == offer(serverForgets: true, server: 12))
    for connection in 0..<6 { mailroom.remove(connection) }
  }

  @Test func withoutMemoryForMoreAllShareAndWithoutAnyNobodyAgrees() {
    let shared = Deflation.sharedSize(windowBits: 12)
    var mailroom = makeMailroom(memory: shared)
    let used = mailroom.deflation.memoryUsed
    for connection in 0..<6 {
      let agreed = mailroom.deflation.agree(to: offer(client: 15), for: connection)
      #expect(agreed == offer(serverForgets: true, clientForgets: true))
    }
    let after = mailroom.deflation.memoryUsed
    #expect(after == used && used > shared / 2)
    for connection in 0..<6 { mailroom.remove(connection) }
    var none = makeMailroom(memory: 0)
    let agreed = none.deflation.agree(to: offer(), for: 0)
    #expect(agreed == nil)
    none.send(.text, message(1).span.raw, to: 0)
    let sent = take(.max, from: &none, 0)
    #expect(frames(of: sent)?.map(\.payload) == [message(1)])
  }

  @Test func memoryComesBackWithItsConnection() {
    var mailroom = makeMailroom()
    let used = mailroom.deflation.memoryUsed
    for _ in 0..<100 {
      for connection in 0..<6 {
        _ = mailroom.deflation.agree(to: offer(server: 9 + connection), for: connection)
      }
      for connection in 0..<6 { mailroom.remove(connection) }
    }
    let (after, count) = (mailroom.deflation.memoryUsed, mailroom.deflation.count)
    #expect(after == used && count == 0)
  }

  @Test(arguments: [false, true], [9, 12, 15])
  func messagesToOneAreReadInTheirOrder(_ forgets: Bool, _ bits: Int) {
    var mailroom = makeMailroom(bits: bits)
    let agreed = mailroom.deflation.agree(to: offer(serverForgets: forgets), for: 0)!
    var client = Client(agreed)
    let noise = (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 167 ^ ($0 >> 1) &* 89) }
    var expected: [[UInt8]] = []
    for round in 0..<30 {
      let bytes = round % 5 == 3 ? noise : round % 5 == 4 ? Array("short".utf8) : message(round)
      expected.append(bytes)
      if round % 2 == 0 {
        mailroom.send(.text, bytes.span.raw, to: 0)
      } else {
        mailroom.draft.append(bytes.span.raw)
        mailroom.sendDraft(to: 0)
      }
      mailroom.sendControl(.ping, Array("p".utf8).span.raw, to: 0)
      expected.append(Array("p".utf8))
      let found = client.read(take(.max, from: &mailroom, 0))
      #expect(found?.map(\.text) == Array(expected.suffix(2)))
      let short = bytes.count < 64
      #expect(found?.first?.isCompressed == !(short || bytes == noise))
    }
    mailroom.remove(0)
  }

  @Test func aMessageToManyIsCompressedOnceForAllWhoShare() {
    var mailroom = makeMailroom()
    let all = [
      offer(serverForgets: true), offer(serverForgets: true), offer(serverForgets: true, server: 9),
      offer(serverForgets: true, server: 11), offer(),
    ]
    var clients: [DeflateParameters] = []
    for connection in all.indices {
      clients.append(mailroom.deflation.agree(to: all[connection], for: connection)!)
    }
    let free = mailroom.outboxes.pool.available
    var streams = [[UInt8]](repeating: [], count: 6)
    for number in 0..<3 { broadcast(message(number), to: Array(0..<6), &mailroom) }
    // The plain frames of nearly 600 bytes take three slots each, of which two are let go at once
    // but for the one that does not compress; the others share one slot each, and one is alone.
    let taken = free - mailroom.outboxes.pool.available
    #expect(taken <= 3 * 3 + 2 + 1)
    for connection in 0..<6 { streams[connection] = take(.max, from: &mailroom, connection) }
    mailroom.endSharing()
    #expect(streams[0] == streams[1] && streams[2] == streams[3])
    for connection in clients.indices {
      var client = Client(clients[connection])
      let found = client.read(streams[connection])
      #expect(found?.map(\.text) == (0..<3).map { message($0) })
      #expect(found?.allSatisfy { $0.isCompressed } == true)
    }
    #expect(frames(of: streams[5])?.map(\.payload) == (0..<3).map { message($0) })
    let back = mailroom.outboxes.pool.available
    #expect(back == free)
    for connection in 0..<6 { mailroom.remove(connection) }
  }

  @Test func whatIsNotWorthItGoesToAllAsItIs() {
    var mailroom = makeMailroom()
    _ = mailroom.deflation.agree(to: offer(serverForgets: true), for: 0)
    _ = mailroom.deflation.agree(to: offer(), for: 1)
    broadcast(Array("short".utf8), to: [0, 1, 2], &mailroom)
    for connection in 0..<3 {
      let sent = take(.max, from: &mailroom, connection)
      #expect(sent == [0x81, 5] + Array("short".utf8))
    }
    mailroom.endSharing()
    for connection in 0..<2 { mailroom.remove(connection) }
  }

  /// A message that somebody misses for want of room does not stay in the memory of the stream.
  @Test func whoHasNoRoomGetsThePlainFrameAndReadsOn() {
    var mailroom = makeMailroom(slots: 7)
    let agreed = mailroom.deflation.agree(to: offer(), for: 0)!
    var client = Client(agreed)
    broadcast(message(0), to: [0], &mailroom)
    // All but the shared frame's slots are taken.
    mailroom.send(.binary, [UInt8](repeating: 7, count: 700).span.raw, to: 1)
    var stream = take(.max, from: &mailroom, 0)
    mailroom.send(.binary, [UInt8](repeating: 7, count: 240).span.raw, to: 2)
    broadcast(message(1), to: [0], &mailroom)
    stream += take(.max, from: &mailroom, 0)
    _ = take(.max, from: &mailroom, 1)
    _ = take(.max, from: &mailroom, 2)
    broadcast(message(2), to: [0], &mailroom)
    stream += take(.max, from: &mailroom, 0)
    mailroom.endSharing()
    let isOverfull = mailroom.missed.contains(0)
    let found = client.read(stream)
    #expect(isOverfull || found?.map(\.text) == (0..<3).map { message($0) })
    #expect(found != nil)
    mailroom.remove(0)
  }

  @Test func aDraftThatOverflowedIsNotReplacedByTheMessageBefore() {
    var mailroom = makeMailroom()
    _ = mailroom.deflation.agree(to: offer(), for: 0)
    broadcast(message(0), to: [0], &mailroom)
    _ = take(.max, from: &mailroom, 0)
    broadcast([UInt8](repeating: 1, count: 4000), to: [0], &mailroom)
    let (sent, isOverfull) = (mailroom.outboxes.waiting(for: 0), mailroom.missed.contains(0))
    #expect(sent.isEmpty && isOverfull)
    mailroom.endSharing()
    mailroom.remove(0)
  }

  @Test func answersThatAreCompressedAreNotCorked() {
    var mailroom = makeMailroom(slots: 200)
    _ = mailroom.deflation.agree(to: offer(), for: 0)
    mailroom.beginCork(0)
    let isCorked = mailroom.isCorked(0)
    #expect(!isCorked)
    mailroom.beginCork(1)
    let isOtherCorked = mailroom.isCorked(1)
    #expect(isOtherCorked)
    mailroom.endCork(1, sent: 0)
    mailroom.remove(0)
  }
}
#endif
