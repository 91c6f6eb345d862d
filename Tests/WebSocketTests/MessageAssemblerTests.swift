import Memory
import TestSupport
import Testing
import WebSocket

@Suite struct MessageAssemblerTests {
  private static let long = [UInt8]((0..<300).map { UInt8(ascii: "a") + UInt8($0 % 26) })

  /// Every kind of frame, fragments with control frames between, empty ones, all forms of lengths.
  private static let streams: [[UInt8]] = [
    frame(1, Array("Grüße, 世界 🌍".utf8)) + frame(2, [0, 255, 1]) + frame(8, [0x03, 0xE8]),
    frame(1, Array("ab".utf8), isFinal: false) + frame(9, [1, 2, 3])
      + frame(0, Array("cd".utf8), isFinal: false) + frame(10, []) + frame(0, Array("ef".utf8)),
    frame(2, [], isFinal: false) + frame(0, [], isFinal: false) + frame(0, [7]) + frame(1, []),
    frame(1, long) + frame(2, Array(long[..<126])) + frame(2, Array(long[..<125]))
      + frame(8, []),
    frame(1, [0xE4, 0xB8], isFinal: false) + frame(0, [0x96])
      + frame(8, [0x0F, 0xA0] + Array("why".utf8)),
  ]

  private static let expected: [[Event]] = [
    [.message(.text, Array("Grüße, 世界 🌍".utf8)), .message(.binary, [0, 255, 1]), .close(.normal)],
    [.fragment, .ping([1, 2, 3]), .fragment, .pong([]), .message(.text, Array("abcdef".utf8))],
    [.fragment, .fragment, .message(.binary, [7]), .message(.text, [])],
    [
      .message(.text, long), .message(.binary, Array(long[..<126])),
      .message(.binary, Array(long[..<125])), .close(nil),
    ],
    [.fragment, .message(.text, Array("世".utf8)), .close(CloseCode(rawValue: 4000))],
  ]

  @Test(arguments: streams.indices)
  func everyCutGivesTheSameEvents(_ index: Int) {
    let stream = Self.streams[index]
    for cut in 0...stream.count {
      let found = events(of: stream, cutAt: [cut])
      #expect(found.events == Self.expected[index], "cut at \(cut)")
      #expect(found.lost == 0, "cut at \(cut)")
    }
    let single = events(of: stream, cutAt: Array(0...stream.count))
    #expect(single.events == Self.expected[index])
    #expect(single.lost == 0)
  }

  /// What the short way finds, `next` would, and what it leaves is as it was.
  @Test func theShortWayLeadsToTheSame() {
    let frames =
      [0, 1, 20, 125, 126, 300, 0xFFFF, 0x10000].flatMap { length in
        let payload = [UInt8](repeating: 0x61, count: length)
        return [
          frame(1, payload), frame(2, payload), frame(2, payload, isFinal: false), frame(9, []),
        ]
      } + Self.violations.map(\.0) + [frame(1, [0xFF])]
    for whole in frames {
      for bytes in [whole, whole + [0x81], Array(whole.dropLast()), Array(whole.prefix(5))] {
        for maximum in [124, 125, 1 << 20] { compare(bytes, maximum) }
      }
    }
  }

  private func compare(_ bytes: [UInt8], _ maximum: Int) {
    var (short, long) = (bytes, bytes)
    var shortWay = MessageAssembler()
    var longWay = MessageAssembler()
    var (shortPosition, longPosition) = (0, 0)
    var pool = SlotPool(capacity: 1100, slotSize: 64)
    var found: Incoming?
    var expected: Incoming?
    var fault: ProtocolViolation?
    var expectedFault: ProtocolViolation?
    var longSpan = long.mutableSpan
    var longBytes = longSpan.mutableBytes
    do throws(ProtocolViolation) {
      expected = try longWay.next(
        &longBytes, &longPosition, messageMaximum: maximum, pool: &pool)
    } catch { expectedFault = error }
    var shortSpan = short.mutableSpan
    var shortBytes = shortSpan.mutableBytes
    do throws(ProtocolViolation) {
      if let (opcode, payload) = try shortWay.nextWhole(
        &shortBytes, &shortPosition, messageMaximum: maximum)
      {
        found = .message(opcode, payload)
      }
    } catch { fault = error }
    if found != nil || fault != nil {
      #expect(found == expected && fault == expectedFault)
      #expect(fault != nil || shortPosition == longPosition && short == long)
    } else {
      #expect(shortPosition == 0 && short == bytes)
    }
    pool.giveBack(&longWay.pieces)
  }

  @Test func everyTwoCutsGiveTheSameEvents() {
    let stream = Self.streams[1]
    for first in 0...stream.count {
      for second in first...stream.count {
        let found = events(of: stream, cutAt: [first, second])
        #expect(found.events == Self.expected[1], "cut at \(first) and \(second)")
      }
    }
  }

  private static let violations: [([UInt8], ProtocolViolation)] = [
    (frame(0, [1]), .unexpectedContinuation),
    (frame(1, [0x61], isFinal: false) + frame(1, [0x62]), .expectedContinuation),
    (frame(1, [0xC0, 0xAF]), .invalidUTF8),
    (frame(1, [0xE4, 0xB8]), .invalidUTF8),
    (frame(1, [0x61], isFinal: false) + frame(0, [0xFF]), .invalidUTF8),
    (frame(8, [3]), .closePayload),
    (frame(8, [0x03, 0xED]), .closePayload),
    (frame(8, [0x03, 0xE8, 0xFF]), .invalidUTF8),
    (frame(9, [1], isFinal: false), .fragmentedControl),
    (frame(9, [UInt8](repeating: 1, count: 126)), .oversizedControl),
    (frame(3, []), .unknownOpcode),
    ([0xC1, 0x80, 0, 0, 0, 0], .reservedBits),
    ([0x81, 0x01, 0x61], .unmasked),
  ]

  @Test(arguments: violations.indices)
  func everyViolationIsFoundInEveryCut(_ index: Int) {
    let (stream, violation) = Self.violations[index]
    for cut in 0...stream.count {
      let found = events(of: stream, cutAt: [cut])
      #expect(found.events.last == .violation(violation), "cut at \(cut)")
      #expect(found.lost == 0)
    }
  }

  @Test func theFirstWrongByteOfTextIsRefusedBeforeTheFrameIsWhole() {
    let stream = frame(1, Array("abc".utf8) + [0xFF] + Self.long)
    #expect(events(of: Array(stream[..<12]), cutAt: []).events == [.violation(.invalidUTF8)])
  }

  @Test func aMessageTooLongIsRefusedAtItsHead() {
    let whole = frame(2, [UInt8](repeating: 0, count: 100))
    #expect(events(of: whole, cutAt: [], messageMaximum: 100).events.count == 1)
    let head = Array(frame(2, [UInt8](repeating: 0, count: 101))[..<2])
    let refused = events(of: head, cutAt: [], messageMaximum: 100).events
    #expect(refused == [.violation(.messageTooBig)])
    let parts = frame(2, [UInt8](repeating: 0, count: 60), isFinal: false)
    let second = Array(frame(0, [UInt8](repeating: 0, count: 41))[..<2])
    let sum = events(of: parts + second, cutAt: [], messageMaximum: 100).events
    #expect(sum == [.fragment, .violation(.messageTooBig)])
  }

  // MARK: Compressed (RFC 7692, section 6)

  #if Deflate
  private static let mixed =
    frame(1, [0xFF, 1, 2], isCompressed: true)
    + frame(2, [0xFF], isFinal: false, isCompressed: true) + frame(9, [3])
    + frame(0, [0xFE], isFinal: false) + frame(10, []) + frame(0, [0xFD])
    + frame(1, Array("ab".utf8), isFinal: false) + frame(0, Array("cd".utf8))
    + frame(1, [], isCompressed: true)

  @Test func compressedMessagesMixWithOthersInEveryCut() {
    let expected: [Event] = [
      .compressed(.text, [0xFF, 1, 2]), .fragment, .ping([3]), .fragment, .pong([]),
      .compressed(.binary, [0xFF, 0xFE, 0xFD]), .fragment, .message(.text, Array("abcd".utf8)),
      .compressed(.text, []),
    ]
    for first in 0...Self.mixed.count {
      let found = events(of: Self.mixed, cutAt: [first], compressedMaximum: 10)
      #expect(found.events == expected, "cut at \(first)")
      #expect(found.lost == 0)
    }
    let single = events(
      of: Self.mixed, cutAt: Array(0...Self.mixed.count), compressedMaximum: 10)
    #expect(single.events == expected)
  }

  private static let compressedViolations: [([UInt8], ProtocolViolation)] = [
    (frame(9, [1], isCompressed: true), .reservedBits),
    (frame(8, [], isCompressed: true), .reservedBits),
    (frame(0, [1], isCompressed: true), .reservedBits),
    (frame(3, [1], isCompressed: true), .unknownOpcode),
    ([0xE1, 0x80, 0, 0, 0, 0], .reservedBits),
    ([0xA1, 0x80, 0, 0, 0, 0], .reservedBits),
    (
      frame(1, [1], isFinal: false, isCompressed: true) + frame(0, [1], isCompressed: true),
      .reservedBits
    ),
    (frame(1, [1], isFinal: false) + frame(0, [1], isCompressed: true), .reservedBits),
    (
      frame(1, [1], isFinal: false, isCompressed: true) + frame(9, [1], isCompressed: true),
      .reservedBits
    ),
    (
      frame(1, [1], isFinal: false, isCompressed: true) + frame(2, [1], isCompressed: true),
      .reservedBits
    ),
    (frame(1, [1], isFinal: false, isCompressed: true) + frame(2, [1]), .expectedContinuation),
    (frame(1, [0x61], isFinal: false) + frame(1, [1], isCompressed: true), .expectedContinuation),
    ([0xC1, 0x01, 0x61], .unmasked),
  ]

  @Test(arguments: compressedViolations.indices)
  func everyMisuseOfTheBitIsFoundInEveryCut(_ index: Int) {
    let (stream, violation) = Self.compressedViolations[index]
    for cut in 0...stream.count {
      let found = events(of: stream, cutAt: [cut], compressedMaximum: 10)
      #expect(found.events.last == .violation(violation), "cut at \(cut)")
      #expect(found.lost == 0)
    }
  }

  @Test func aCompressedMessageHasABoundOfItsOwn() {
    func kinds(_ stream: [UInt8]) -> [Event] {
      events(of: stream, cutAt: [], messageMaximum: 10, compressedMaximum: 12).events
    }
    let twelve = [UInt8](repeating: 7, count: 12)
    #expect(kinds(frame(2, twelve, isCompressed: true)) == [.compressed(.binary, twelve)])
    #expect(kinds(frame(2, twelve)) == [.violation(.messageTooBig)])
    let head = Array(frame(2, twelve + [7], isCompressed: true)[..<2])
    #expect(kinds(head) == [.violation(.messageTooBig)])
    let parts = frame(2, twelve, isFinal: false, isCompressed: true)
    #expect(kinds(parts + frame(0, [])) == [.fragment, .compressed(.binary, twelve)])
    #expect(kinds(parts + frame(0, [7])) == [.fragment, .violation(.messageTooBig)])
  }
  #endif

  @Test func emptyFragmentsHoldNoMemory() {
    var pool = SlotPool(capacity: 1, slotSize: 16)
    var assembler = MessageAssembler()
    let first = frame(2, [], isFinal: false)
    let next = frame(0, [], isFinal: false)
    for round in 0..<100_000 {
      var bytes = round == 0 ? first : next
      var position = 0
      var span = bytes.mutableSpan
      var raw = span.mutableBytes
      let incoming = try? assembler.next(&raw, &position, messageMaximum: 10, pool: &pool)
      if incoming != .fragment { Issue.record("round \(round)") }
    }
    let available = pool.available
    #expect(available == 1)
  }

  @Test func randomBytesNeverTrapAndLoseNoSlot() {
    var random = SplitMix64(seed: 2026)
    for _ in 0..<2000 {
      var stream: [UInt8] = []
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let length = Int.random(in: 0...140, using: &random)
        let payload = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
        stream += frame(
          UInt8.random(in: 0...15, using: &random), payload, isFinal: .random(using: &random))
      }
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let place = Int.random(in: 0..<stream.count, using: &random)
        stream[place] = .random(in: 0...255, using: &random)
      }
      let cuts = (0..<5).map { _ in Int.random(in: 0...stream.count, using: &random) }.sorted()
      let found = events(of: stream, cutAt: cuts, messageMaximum: 4096)
      #expect(found.lost == 0)
      #expect(found.events == events(of: stream, cutAt: [], messageMaximum: 4096).events)
    }
  }
}
