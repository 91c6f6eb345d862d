#if TLS
import CTLS
import Testing

@testable import Host

/// The pool as mbedTLS uses it, which of Debian's takes none: these take and give back themselves.
@Suite(.serialized) struct SecureMemoryTests {
  /// What mbedTLS 2.28 and 3.6 ask for when a connection begins.
  private static let incoming = 16429, outgoing = 4141

  private func withPool(sessions: Int, _ work: (Int) -> Void) {
    let size = SecureMemory.size(sessions: sessions, handshakes: 2)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0xA5, count: size)
    ctls_pool_lay_out(memory, size, sessions)
    work(size)
    #expect(SecureMemory.figures.used == 0)
  }

  @Test func aSessionTakesLessThan26KB() {
    let one =
      SecureMemory.size(sessions: 101, handshakes: 8)
      - SecureMemory.size(sessions: 100, handshakes: 8)
    #expect(one > 20 * 1024 && one < 25_600)
  }

  @Test func memoryThatIsNotThereEndsTheStart() async {
    let ended = await #expect(
      processExitsWith: .exitCode(75), observing: [\.standardErrorContent]
    ) {
      _ = SecureMemory.take(SecureMemory.size(sessions: 1 << 40, handshakes: 2))
    }
    let said = String(decoding: ended?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.hasPrefix("error: not enough memory"))
  }

  @Test func blocksAreWipedAndAligned() {
    withPool(sessions: 1) { _ in
      for count in [1, 7, 16, 24, 500, 1000, 3000, Self.outgoing, Self.incoming] {
        let block = ctls_pool_take(1, count)!
        #expect(UInt(bitPattern: block) % 16 == 0)
        #expect((0..<count).allSatisfy { block.load(fromByteOffset: $0, as: UInt8.self) == 0 })
        block.initializeMemory(as: UInt8.self, repeating: 0x5A, count: count)
        ctls_pool_give_back(block)
      }
      #expect(SecureMemory.figures.refused == 0)
    }
  }

  /// Blocks of all sizes come and go until nothing is left of the rest: there is room for the
  /// buffers of every connection all the same, and none lies upon another.
  @Test func buffersOfEveryConnectionHaveRoom() {
    var random = SystemRandomNumberGenerator()
    withPool(sessions: 8) { size in
      var blocks: [(UnsafeMutableRawPointer, Int, UInt8)] = []
      for round in 0..<4000 {
        if blocks.count > 60 || (round % 3 == 2 && !blocks.isEmpty) {
          let (block, count, mark) = blocks.remove(
            at: Int.random(in: 0..<blocks.count, using: &random))
          #expect(block.load(as: UInt8.self) == mark)
          #expect(block.load(fromByteOffset: count - 1, as: UInt8.self) == mark)
          ctls_pool_give_back(block)
        } else {
          let count = Int.random(in: 1...(round % 7 == 0 ? 3000 : 300), using: &random)
          guard let block = ctls_pool_take(1, count) else { continue }
          let mark = UInt8(truncatingIfNeeded: round)
          block.initializeMemory(as: UInt8.self, repeating: mark, count: count)
          blocks.append((block, count, mark))
        }
      }
      while let block = ctls_pool_take(1, 16) { blocks.append((block, 16, 0)) }
      var buffers: [UnsafeMutableRawPointer] = []
      for _ in 0..<8 {
        for count in [Self.incoming, Self.outgoing] {
          guard let buffer = ctls_pool_take(1, count) else {
            Issue.record("no room for a buffer of \(count) bytes")
            continue
          }
          buffer.initializeMemory(as: UInt8.self, repeating: 0, count: count)
          buffers.append(buffer)
        }
      }
      for (block, count, mark) in blocks {
        #expect(block.load(as: UInt8.self) == mark)
        #expect(block.load(fromByteOffset: count - 1, as: UInt8.self) == mark)
        ctls_pool_give_back(block)
      }
      for buffer in buffers { ctls_pool_give_back(buffer) }
      #expect(SecureMemory.figures.peak <= size)
    }
  }

  /// When all was given back the pieces are one again.
  @Test func piecesBecomeOne() {
    withPool(sessions: 0) { size in
      let half = size / 2
      for _ in 0..<100 {
        var blocks = (0..<64).map { _ in ctls_pool_take(3, 33)! }
        blocks.shuffle()
        for block in blocks { ctls_pool_give_back(block) }
        let large = ctls_pool_take(1, half)
        #expect(large != nil)
        ctls_pool_give_back(large)
      }
    }
  }

  @Test func whatDoesNotFitIsRefused() {
    withPool(sessions: 0) { size in
      #expect(ctls_pool_take(1, size) == nil)
      #expect(ctls_pool_take(.max, 2) == nil)
      #expect(ctls_pool_take(.max, 1) == nil)
      #expect(SecureMemory.figures.refused == 3)
      #expect(SecureMemory.figures.used == 0)
    }
  }

  /// What was taken outside goes back there, whenever that is.
  @Test func whatIsReadAnewComesFromTheSystem() {
    withPool(sessions: 1) { _ in
      var outside: UnsafeMutableRawPointer?
      ctls_pool_rest(1)
      outside = ctls_pool_take(4, 1000)
      ctls_pool_rest(0)
      #expect(outside != nil)
      #expect(SecureMemory.figures.used == 0)
      let inside = ctls_pool_take(4, 1000)
      #expect(SecureMemory.figures.used > 4000 - 1)
      ctls_pool_give_back(outside)
      ctls_pool_give_back(inside)
    }
  }
}
#endif
