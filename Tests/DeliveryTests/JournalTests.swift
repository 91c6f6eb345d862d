import Delivery
import Memory
import TestSupport
import Testing

@Suite struct JournalTests {
  private func makeMailroom(batchSize: Int = 256) -> Mailroom {
    Mailroom(
      connections: 3, places: 8, slots: 32, slotSize: 256, draftSize: 600, seed: 1,
      journal: Journal(batchSize: batchSize, recordSize: 64))
  }

  private func array(_ bytes: RawSpan) -> [UInt8] { (0..<bytes.byteCount).map { bytes[$0] } }

  private func put(_ text: String, key: UInt64, _ mailroom: inout Mailroom) {
    mailroom.journal.record.append(Array(text.utf8).span.raw)
    mailroom.journal.put(.event, key: key)
  }

  @Test func aBatchTellsWhatWasPutAndRemoved() {
    var mailroom = makeMailroom()
    mailroom.journal.begin(isFresh: false)
    let (one, two) = (mailroom.journal.newKey(), mailroom.journal.newKey())
    put("first", key: one, &mailroom)
    put("second", key: two, &mailroom)
    put("again", key: one, &mailroom)
    mailroom.journal.remove(key: two)
    var image = RecordImage()
    mailroom.sealJournal(goesOn: false) { image.apply(array($0)) }
    #expect(image.records == [one: .init(kind: 3, body: Array("again".utf8))])
    let isEmpty = mailroom.journal.isEmpty
    #expect(isEmpty)
  }

  @Test func withoutADiskNothingIsGathered() {
    var mailroom = makeMailroom()
    let key = mailroom.journal.newKey()
    put("lost", key: key, &mailroom)
    mailroom.journal.remove(key: key)
    let (isEmpty, hasRoom) = (
      mailroom.journal.isEmpty, mailroom.journal.hasRoom(for: 9, bytes: .max)
    )
    #expect(isEmpty)
    #expect(hasRoom)
    mailroom.hold(0)
    let isHeld = mailroom.isHeld(0)
    #expect(!isHeld)
  }

  @Test func whatFindsNoRoomTearsIt() {
    var mailroom = makeMailroom(batchSize: 64)
    mailroom.journal.begin(isFresh: false)
    let key = mailroom.journal.newKey()
    // A byte of flags, then two entries of 31 bytes.
    for text in ["0123456789abcdefg", "0123456789abcdefg"] {
      let fits = mailroom.journal.hasRoom(for: 1, bytes: 17)
      #expect(fits)
      put(text, key: key, &mailroom)
    }
    let fits = mailroom.journal.hasRoom(for: 1, bytes: 0)
    #expect(!fits)
    let isWhole = !mailroom.journal.isTorn
    #expect(isWhole)
    put("", key: key, &mailroom)
    let isTorn = mailroom.journal.isTorn
    #expect(isTorn)
  }

  @Test func aBodyThatIsTooLongTearsIt() {
    var mailroom = makeMailroom()
    mailroom.journal.begin(isFresh: false)
    put(String(repeating: "x", count: 65), key: mailroom.journal.newKey(), &mailroom)
    let (isTorn, isEmpty) = (mailroom.journal.isTorn, mailroom.journal.isEmpty)
    #expect(isTorn)
    #expect(isEmpty)
  }

  @Test func aFreshBeginningRemovesAllInOneTransaction() {
    var mailroom = makeMailroom()
    mailroom.journal.begin(isFresh: false)
    let (old, new) = (mailroom.journal.newKey(), mailroom.journal.newKey())
    var image = RecordImage()
    put("old", key: old, &mailroom)
    mailroom.sealJournal(goesOn: false) { image.apply(array($0)) }
    mailroom.journalLanded()
    mailroom.journal.begin(isFresh: true)
    mailroom.sealJournal(goesOn: true) { image.apply(array($0)) }
    #expect(image.records.keys.sorted() == [old])
    mailroom.journalLanded()
    put("new", key: new, &mailroom)
    mailroom.sealJournal(goesOn: false) { image.apply(array($0)) }
    #expect(image.records.keys.sorted() == [new])
  }

  @Test func keysGoOnBehindThoseThatAreTaken() {
    var journal = Journal()
    journal.reserve(key: 41)
    journal.reserve(key: 7)
    let key = journal.newKey()
    #expect(key == 42)
  }
}
