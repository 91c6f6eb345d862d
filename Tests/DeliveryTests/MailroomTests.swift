import Memory
import Testing
import WebSocket

@testable import Delivery

@Suite struct MailroomTests {
  private func makeMailroom(places: Int = 4, slots: Int = 16) -> Mailroom {
    Mailroom(connections: 3, places: places, slots: slots, slotSize: 256, draftSize: 600, seed: 1)
  }

  private func payload(_ count: Int, _ byte: UInt8) -> [UInt8] {
    [UInt8](repeating: byte, count: count)
  }

  @Test func smallFramesShareASlot() {
    var mailroom = makeMailroom()
    for byte in 0..<10 as Range<UInt8> { mailroom.send(.text, payload(8, byte).span.raw, to: 1) }
    let parcels = mailroom.outboxes.count(of: 1)
    let available = mailroom.outboxes.pool.available
    #expect(parcels == 1)
    #expect(available == 15)
    let sent = take(.max, from: &mailroom, 1)
    #expect(frames(of: sent)?.map(\.payload) == (0..<10).map { payload(8, $0) })
    let left = mailroom.outboxes.pool.available
    #expect(left == 16)
  }

  /// One slot of 40 is set aside for each that holds none; an eighth of the others is four.
  @Test func answersMayFillAnEighthOfWhatIsNotSetAside() {
    var mailroom = makeMailroom(places: 30, slots: 40)
    for count in 0..<5 {
      let may = mailroom.mayBeAnswered(0)
      #expect(may == (count < 4), "\(count) slots")
      mailroom.send(.text, payload(200, 1).span.raw, to: 0)
    }
    let other = mailroom.mayBeAnswered(1)
    #expect(other)
    for _ in 0..<29 { mailroom.send(.text, payload(200, 2).span.raw, to: 2) }
    let (free, empty, full) = (
      mailroom.outboxes.pool.available, mailroom.mayBeAnswered(1), mailroom.mayBeAnswered(0)
    )
    #expect(free == 6 && empty && !full)
    mailroom.send(.text, payload(200, 1).span.raw, to: 1)
    let more = mailroom.mayBeAnswered(1)
    #expect(!more)
    for connection in 0..<3 { mailroom.remove(connection) }
    let holders = mailroom.outboxes.holders
    #expect(holders == 0)
  }

  @Test func whatLiesInOnePieceIsOfferedSo() {
    var mailroom = makeMailroom()
    let none = mailroom.outboxes.onePiece(1).byteCount
    mailroom.send(.text, payload(8, 1).span.raw, to: 1)
    let (one, limited) = (
      mailroom.outboxes.onePiece(1).byteCount, mailroom.outboxes.onePiece(1, limit: 3).byteCount
    )
    mailroom.send(.text, payload(250, 2).span.raw, to: 1)
    let two = mailroom.outboxes.onePiece(1).byteCount
    mailroom.send(.text, payload(300, 3).span.raw, to: 2)
    let linked = mailroom.outboxes.onePiece(2).byteCount
    #expect((none, one, limited) == (0, 10, 3) && (two, linked) == (0, 0))
    mailroom.remove(1)
    mailroom.remove(2)
  }

  @Test(arguments: [1, 2, 3, 7, 100, 255, 256, 257, 511])
  func whateverTheKernelTakesAtOnceNothingIsLostOrTurned(_ step: Int) {
    var mailroom = makeMailroom(places: 8)
    var expected: [[UInt8]] = []
    for (index, length) in [5, 300, 0, 126, 254, 600].enumerated() {
      let bytes = payload(length, UInt8(index))
      expected.append(bytes)
      mailroom.send(.binary, bytes.span.raw, to: 0)
    }
    var stream: [UInt8] = []
    while !mailroom.outboxes.isEmpty(0) { stream += take(step, from: &mailroom, 0) }
    #expect(frames(of: stream)?.map(\.payload) == expected)
    let available = mailroom.outboxes.pool.available
    #expect(available == 16)
  }

  @Test func aFrameWithoutRoomIsNotQueuedAndItsReceiverIsNamed() {
    var mailroom = makeMailroom(places: 1)
    mailroom.send(.text, payload(400, 1).span.raw, to: 0)
    let before = mailroom.outboxes.waiting(for: 0)
    mailroom.send(.text, payload(400, 2).span.raw, to: 0)
    let after = mailroom.outboxes.waiting(for: 0)
    let isOverfull = mailroom.missed.contains(0)
    #expect(before == after)
    #expect(isOverfull)
    // A later one that would fit must not pass the one that is missing.
    mailroom.send(.text, payload(1, 3).span.raw, to: 0)
    let later = mailroom.outboxes.waiting(for: 0)
    #expect(before == later)
    let hasRoomElsewhere = mailroom.hasRoom(for: 100, to: 1)
    #expect(hasRoomElsewhere)
    mailroom.remove(0)
  }

  @Test func controlFramesHavePlacesOfTheirOwn() {
    var mailroom = makeMailroom(places: 1)
    mailroom.send(.text, payload(252, 1).span.raw, to: 0)
    let isQueued = mailroom.sendControl(.pong, payload(125, 9).span.raw, to: 0)
    mailroom.sendClose(.normal, to: 0, dropping: false)
    #expect(isQueued)
    let found = frames(of: take(.max, from: &mailroom, 0))
    #expect(found?.map(\.opcode) == [1, 10, 8])
  }

  /// Whatever was sent before: what the receiver gets are whole frames, the last a close.
  @Test(arguments: 0...700)
  func aSlowReceiverGetsWholeFramesAndTheCode(_ sent: Int) {
    var mailroom = makeMailroom(places: 6)
    for byte in 0..<5 as Range<UInt8> { mailroom.send(.text, payload(150, byte).span.raw, to: 0) }
    var stream = take(sent, from: &mailroom, 0)
    mailroom.sendClose(.tryAgainLater, to: 0, dropping: true)
    stream += take(.max, from: &mailroom, 0)
    let found = frames(of: stream)
    #expect(found?.last?.opcode == 8)
    #expect(found?.last?.payload == [0x03, 0xF5])
    #expect(found?.dropLast().allSatisfy { $0.opcode == 1 && $0.payload.count == 150 } == true)
    let available = mailroom.outboxes.pool.available
    #expect(available == 16)
  }

  @Test func aCloseSaysWhy() {
    var mailroom = makeMailroom()
    mailroom.sendClose(.tokenExpired, CloseCode.tokenExpired.reason, to: 0, dropping: false)
    let found = frames(of: take(.max, from: &mailroom, 0))
    #expect(found?.map(\.payload) == [[0x11, 0x31] + Array("token expired".utf8)])
  }

  @Test func aDraftIsOneTextFrameAndEmptyAfterwards() {
    var mailroom = makeMailroom()
    mailroom.draft.append("{}")
    mailroom.sendDraft(to: 2)
    let isEmpty = mailroom.draft.count == 0
    let found = frames(of: take(.max, from: &mailroom, 2))
    #expect(isEmpty)
    #expect(found?.map(\.payload) == [Array("{}".utf8)])
  }

  @Test func aDraftThatIsTooLongIsTheServersFault() {
    var mailroom = makeMailroom()
    mailroom.draft.append(payload(601, 1).span.raw)
    mailroom.sendDraft(to: 2)
    let isFaulty = mailroom.faulty.contains(2)
    let hasMissed = mailroom.missed.contains(2)
    let isEmpty = mailroom.outboxes.isEmpty(2)
    #expect(isFaulty && hasMissed && isEmpty)
  }

  // MARK: To many

  private func share(
    _ bytes: [UInt8], to receivers: Range<Int>, _ mailroom: inout Mailroom
  ) {
    mailroom.draft.append(bytes.span.raw)
    mailroom.shareDraft()
    for receiver in receivers { mailroom.sendShared(to: receiver) }
  }

  @Test func framesForManyAreWrittenOnceAndMerge() {
    var mailroom = makeMailroom()
    for byte in 0..<10 as Range<UInt8> { share(payload(20, byte), to: 0..<3, &mailroom) }
    mailroom.endSharing()
    let available = mailroom.outboxes.pool.available
    #expect(available == 15)
    for receiver in 0..<3 {
      let parcels = mailroom.outboxes.count(of: receiver)
      #expect(parcels == 1)
      let found = frames(of: take(.max, from: &mailroom, receiver))
      #expect(found?.map(\.payload) == (0..<10).map { payload(20, $0) })
    }
    let left = mailroom.outboxes.pool.available
    #expect(left == 16)
  }

  /// Long and short ones, one's own in between, taken in steps of every size.
  @Test(arguments: [1, 3, 200, 256, 257, 1000])
  func whatManyGetComesWholeAndInOrder(_ step: Int) {
    var mailroom = makeMailroom(places: 14, slots: 30)
    var expected = [[[UInt8]]](repeating: [], count: 3)
    for (index, length) in [10, 300, 20, 600, 0, 100, 254].enumerated() {
      let bytes = payload(length, UInt8(index))
      share(bytes, to: 0..<3, &mailroom)
      for receiver in 0..<3 { expected[receiver].append(bytes) }
      let own = payload(index, 0xEE)
      mailroom.send(.text, own.span.raw, to: 1)
      expected[1].append(own)
    }
    mailroom.endSharing()
    for receiver in 0..<3 {
      var stream: [UInt8] = []
      while !mailroom.outboxes.isEmpty(receiver) {
        stream += take(step, from: &mailroom, receiver)
      }
      #expect(frames(of: stream)?.map(\.payload) == expected[receiver])
      let held = mailroom.outboxes.slotCount(of: receiver)
      #expect(held == 0)
    }
    let available = mailroom.outboxes.pool.available
    #expect(available == 30)
  }

  @Test func whoIsFullMissesNothingUnnoticed() {
    var mailroom = makeMailroom(places: 1)
    mailroom.send(.text, payload(250, 1).span.raw, to: 1)
    share(payload(100, 2), to: 0..<3, &mailroom)
    let (first, second) = (mailroom.missed.contains(0), mailroom.missed.contains(1))
    #expect(!first && second)
    for receiver in 0..<3 { mailroom.remove(receiver) }
    mailroom.endSharing()
    let available = mailroom.outboxes.pool.available
    #expect(available == 16)
  }

  @Test func withoutASlotEveryReceiverIsNamed() {
    var mailroom = makeMailroom(places: 8, slots: 2)
    mailroom.send(.text, payload(400, 1).span.raw, to: 2)
    share(payload(100, 2), to: 0..<2, &mailroom)
    let (first, second) = (mailroom.missed.contains(0), mailroom.missed.contains(1))
    #expect(first && second)
    for receiver in 0..<3 { mailroom.remove(receiver) }
  }

  @Test func aBlockedReceiverHoldsAnEighthOfTheFreeSlots() {
    var mailroom = makeMailroom(places: 16, slots: 32)
    mailroom.blocked.insert(0)
    for byte in 0..<12 as Range<UInt8> { mailroom.send(.text, payload(250, byte).span.raw, to: 0) }
    let held = mailroom.outboxes.slotCount(of: 0)
    let isOverfull = mailroom.missed.contains(0)
    #expect(held == 4)
    #expect(isOverfull)
    mailroom.remove(0)
  }

  @Test func aHalfFullOutboxAsksForAFlush() {
    var mailroom = makeMailroom(places: 4)
    for byte in 0..<2 as Range<UInt8> { mailroom.send(.text, payload(250, byte).span.raw, to: 0) }
    let before = mailroom.isPressed
    mailroom.send(.text, payload(250, 2).span.raw, to: 0)
    let after = mailroom.isPressed
    #expect(!before && after)
    mailroom.remove(0)
  }

  @Test func whoIsRemovedLeavesNothingBehind() {
    var mailroom = makeMailroom(places: 1)
    mailroom.send(.text, payload(250, 1).span.raw, to: 0)
    mailroom.send(.text, payload(250, 2).span.raw, to: 0)
    mailroom.remove(0)
    let isDirty = mailroom.dirty.contains(0)
    let isOverfull = mailroom.missed.contains(0)
    let available = mailroom.outboxes.pool.available
    #expect(!isDirty && !isOverfull && available == 16)
  }

  @Test func smallFramesForManyFillAPlaceTogetherWhenPlacesRunOut() {
    var mailroom = makeMailroom(places: 4, slots: 64)
    var expected: [[UInt8]] = []
    for number in 0..<60 as Range<UInt8> {
      mailroom.draft.append(payload(20, number).span.raw)
      mailroom.shareDraft()
      mailroom.sendShared(to: 0)
      if number % 2 == 0 { mailroom.sendShared(to: 1) }
      // The turn is over.
      mailroom.endSharing()
      expected.append(payload(20, number))
    }
    // Two places are shared ones; the others, and the end of the second, hold eleven copies each.
    let isOverfull = mailroom.missed.contains(0)
    #expect(isOverfull)
    let got = frames(of: take(.max, from: &mailroom, 0))?.map(\.payload) ?? []
    #expect(got.count > 2 + 2 * 11 && got == Array(expected.prefix(got.count)))
    let other = frames(of: take(.max, from: &mailroom, 1))?.map(\.payload) ?? []
    #expect(other == stride(from: 0, to: 2 * other.count, by: 2).map { expected[$0] })
    let available = mailroom.outboxes.pool.available
    #expect(available == 64)
  }
}
