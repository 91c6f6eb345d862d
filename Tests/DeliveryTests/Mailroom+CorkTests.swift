import Memory
import Testing
import WebSocket

@testable import Delivery

@Suite struct MailroomCorkTests {
  private func makeMailroom(slots: Int = 32, cork: Int = 600) -> Mailroom {
    Mailroom(
      connections: 3, places: 4, slots: slots, slotSize: 256, draftSize: 600, corkSize: cork,
      replySize: 100,
      seed: 1)
  }

  private func bytes(_ count: Int, _ byte: UInt8) -> [UInt8] {
    [UInt8](repeating: byte, count: count)
  }

  private func corked(_ mailroom: borrowing Mailroom) -> [UInt8] {
    (0..<mailroom.corked.byteCount).map { mailroom.corked[$0] }
  }

  @Test func answersAreGatheredInOrderAndTouchNoOutbox() {
    var mailroom = makeMailroom()
    mailroom.beginCork(1)
    mailroom.send(.binary, bytes(5, 1).span.raw, to: 1)
    mailroom.draft.append("ab")
    mailroom.sendDraft(to: 1)
    mailroom.sendControl(.pong, bytes(3, 2).span.raw, to: 1)
    let found = frames(of: corked(mailroom))
    #expect(found?.map(\.opcode) == [2, 1, 10])
    #expect(found?.map(\.payload) == [bytes(5, 1), [0x61, 0x62], bytes(3, 2)])
    let (isEmpty, isDirty, count) = (
      mailroom.outboxes.isEmpty(1), mailroom.dirty.contains(1), mailroom.messageCount
    )
    #expect(isEmpty && !isDirty && count == 2)
    let others = mailroom.isCorked(0)
    #expect(!others)
    let size = mailroom.corked.byteCount
    mailroom.endCork(1, sent: size)
    let isCorked = mailroom.isCorked(1)
    let available = mailroom.outboxes.pool.available
    #expect(!isCorked && available == 32)
  }

  @Test(arguments: [0, 1, 7, 260, 599])
  func whatTheNetworkDoesNotTakeWaitsInTheOutbox(_ sent: Int) {
    var mailroom = makeMailroom()
    mailroom.beginCork(0)
    mailroom.send(.text, bytes(250, 0x61).span.raw, to: 0)
    mailroom.send(.text, bytes(300, 0x62).span.raw, to: 0)
    mailroom.send(.text, bytes(20, 0x63).span.raw, to: 0)
    let all = corked(mailroom)
    let taken = min(sent, all.count)
    mailroom.endCork(0, sent: taken)
    let waiting = mailroom.outboxes.waiting(for: 0)
    #expect(waiting == Array(all[taken...]))
    // A frame that was begun has to be ended; what was not may be dropped.
    mailroom.sendClose(.tryAgainLater, to: 0, dropping: true)
    let rest = mailroom.outboxes.waiting(for: 0)
    let end = [0, 254, 558, 580].first { $0 >= taken } ?? all.count
    let kept = Array(all[taken..<end])
    #expect(rest.dropLast(4) == kept[...] && rest.count == kept.count + 4)
    mailroom.remove(0)
    let available = mailroom.outboxes.pool.available
    #expect(available == 32)
  }

  @Test func whatDoesNotFitComesBehindWhatWasGathered() {
    var mailroom = makeMailroom(cork: 100)
    mailroom.beginCork(2)
    for byte in 0..<9 as Range<UInt8> { mailroom.send(.text, bytes(20, byte).span.raw, to: 2) }
    let (isCorked, isDirty) = (mailroom.isCorked(2), mailroom.dirty.contains(2))
    #expect(!isCorked && isDirty)
    let stream = take(.max, from: &mailroom, 2)
    #expect(frames(of: stream)?.map(\.payload) == (0..<9).map { bytes(20, $0) })
  }

  @Test func itGathersOnlyWhereNothingWaitsAndTheRestWouldFindRoom() {
    var mailroom = makeMailroom()
    mailroom.send(.text, bytes(1, 1).span.raw, to: 0)
    mailroom.beginCork(0)
    let waits = mailroom.isCorked(0)
    #expect(!waits)
    // All of it would be more than an eighth of the slots that are free, and one answer.
    mailroom.beginCork(1)
    let poor = mailroom.isCorked(1)
    #expect(!poor)
    mailroom.remove(0)
    mailroom.beginCork(1)
    let rich = mailroom.isCorked(1)
    #expect(rich)
    let (takes, takesMore) = (
      mailroom.corkTakes(600, for: 1), mailroom.corkTakes(601, for: 1)
    )
    #expect(takes && !takesMore)
  }

  @Test func aSharedFrameKeepsItsPlaceInTheOrder() {
    var mailroom = makeMailroom()
    mailroom.beginCork(0)
    mailroom.send(.text, bytes(4, 1).span.raw, to: 0)
    mailroom.draft.append("all")
    mailroom.shareDraft()
    mailroom.sendShared(to: 0)
    mailroom.endSharing()
    let stream = take(.max, from: &mailroom, 0)
    #expect(frames(of: stream)?.map(\.payload) == [bytes(4, 1), Array("all".utf8)])
  }

  @Test func aConnectionThatGoesTakesItsCorkAlong() {
    var mailroom = makeMailroom()
    mailroom.beginCork(0)
    mailroom.send(.text, bytes(4, 1).span.raw, to: 0)
    mailroom.remove(0)
    mailroom.beginCork(1)
    let (isCorked, count) = (mailroom.isCorked(1), mailroom.corked.byteCount)
    #expect(isCorked && count == 0)
  }
}
