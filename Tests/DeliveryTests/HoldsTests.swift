import Memory
import TestSupport
import Testing
import WebSocket

@testable import Delivery

@Suite struct HoldsTests {
  private func makeMailroom() -> Mailroom {
    var mailroom = Mailroom(
      connections: 3, places: 32, slots: 64, slotSize: 256, draftSize: 600, seed: 1,
      journal: Journal(batchSize: 4096, recordSize: 64))
    mailroom.journal.begin(isFresh: false)
    return mailroom
  }

  /// Puts a record down, holds the connection and tells it so.
  private func acknowledge(_ byte: UInt8, to connection: Int, _ mailroom: inout Mailroom) {
    mailroom.journal.put(.event, key: mailroom.journal.newKey())
    mailroom.hold(connection)
    mailroom.send(.text, [byte].span.raw, to: connection)
  }

  /// What may go now, frame by frame, as bytes of one each.
  private func takeFree(_ connection: Int, _ mailroom: inout Mailroom) -> [UInt8] {
    var stream: [UInt8] = []
    while !mailroom.outboxes.isEmpty(connection) {
      let limit = mailroom.free(connection)
      guard limit > 0 else { break }
      let part = mailroom.outboxes.waiting(for: connection, limit: limit)
      stream += part
      mailroom.sent(part.count, from: connection)
    }
    return frames(of: stream)?.flatMap(\.payload) ?? [0xFF]
  }

  @Test func whatWasQueuedBeforeMayGo() {
    var mailroom = makeMailroom()
    mailroom.send(.text, ([1] as [UInt8]).span.raw, to: 0)
    acknowledge(2, to: 0, &mailroom)
    mailroom.send(.text, ([3] as [UInt8]).span.raw, to: 0)
    #expect(takeFree(0, &mailroom) == [1])
    mailroom.sealJournal(goesOn: false) { _ in }
    #expect(takeFree(0, &mailroom) == [])
    mailroom.journalLanded()
    #expect(takeFree(0, &mailroom) == [2, 3])
    let isHeld = mailroom.isHeld(0)
    #expect(!isHeld)
  }

  @Test func whoIsToldAllTheTimeIsStillTold() {
    var mailroom = makeMailroom()
    var told: [UInt8] = []
    for round in 0..<20 as Range<UInt8> {
      acknowledge(round, to: 1, &mailroom)
      if round > 0 { mailroom.journalLanded() }
      told += takeFree(1, &mailroom)
      // What the batch before has put down, and nothing that came since.
      #expect(told == Array(0..<round))
      mailroom.sealJournal(goesOn: false) { _ in }
    }
    mailroom.journalLanded()
    told += takeFree(1, &mailroom)
    #expect(told == Array(0..<20))
  }

  @Test func whoHearsOfARecordInFlightWaitsForIt() {
    var mailroom = makeMailroom()
    acknowledge(1, to: 0, &mailroom)
    mailroom.sealJournal(goesOn: false) { _ in }
    mailroom.hold(2)
    mailroom.send(.text, ([9] as [UInt8]).span.raw, to: 2)
    #expect(takeFree(2, &mailroom) == [])
    mailroom.journalLanded()
    #expect(takeFree(2, &mailroom) == [9])
    mailroom.remove(0)
  }

  @Test func aDiskThatFailsHoldsNobody() {
    var mailroom = makeMailroom()
    acknowledge(1, to: 0, &mailroom)
    mailroom.endJournal()
    #expect(takeFree(0, &mailroom) == [1])
    acknowledge(2, to: 0, &mailroom)
    #expect(takeFree(0, &mailroom) == [2])
  }

  @Test func aConnectionThatIsGoneHoldsNothing() {
    var mailroom = makeMailroom()
    acknowledge(1, to: 0, &mailroom)
    mailroom.remove(0)
    mailroom.sealJournal(goesOn: false) { _ in }
    mailroom.journalLanded()
    let isHeld = mailroom.isHeld(0)
    #expect(!isHeld)
  }

  @Test func aSlowReceiversCloseWaitsForTheSameBatch() {
    var mailroom = makeMailroom()
    acknowledge(1, to: 0, &mailroom)
    mailroom.sendClose(.tryAgainLater, to: 0, dropping: true)
    mailroom.sealJournal(goesOn: false) { _ in }
    mailroom.journalLanded()
    let stream = mailroom.outboxes.waiting(for: 0)
    #expect(frames(of: stream)?.map(\.opcode) == [8])
    mailroom.remove(0)
  }

  @Test func aLongFrameInLinkedSlotsIsHeldWhole() {
    var mailroom = makeMailroom()
    mailroom.journal.put(.event, key: mailroom.journal.newKey())
    mailroom.hold(0)
    mailroom.send(.text, [UInt8](repeating: 5, count: 700).span.raw, to: 0)
    mailroom.sealJournal(goesOn: false) { _ in }
    mailroom.send(.text, ([6] as [UInt8]).span.raw, to: 0)
    acknowledge(7, to: 0, &mailroom)
    mailroom.journalLanded()
    #expect(takeFree(0, &mailroom) == [UInt8](repeating: 5, count: 700))
    mailroom.remove(0)
  }
}
