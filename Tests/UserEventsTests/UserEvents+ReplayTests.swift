import Delivery
import Memory
import TestSupport
import Testing

@testable import UserEvents

@Suite struct UserEventsReplayTests {
  @Test func moreThanAnOutboxHolds() {
    let audience = Audience(perUser: 100, size: 200 * 192, places: 8, slots: 20)
    for number in 0..<90 { audience.note("\(number)", to: "7") }
    audience.open(0, "7", since: 0)
    #expect(audience.isWaiting(0))
    let titles = audience.events(0)
    #expect(titles == (0..<90).map { "\($0)" })
    #expect(!audience.isOverfull(0))
    #expect(audience.note("live", to: "7")?.delivered == 1)
  }

  @Test func whatCameMeanwhileFollows() {
    let audience = Audience(perUser: 100, size: 200 * 192, places: 8, slots: 20)
    for number in 0..<50 { audience.note("\(number)", to: "7") }
    audience.open(0, "7")
    #expect(audience.note("late", to: "7")?.delivered == 1)
    #expect(audience.events(0) == (0..<50).map { "\($0)" } + ["late"])
  }

  @Test func aGapIsNeverHidden() {
    let audience = Audience(perUser: 3)
    audience.open(0, "7")
    audience.open(1, "7")
    _ = (audience.take(0), audience.take(1))
    audience.block(0)
    for title in ["a", "b", "c"] { audience.note(title, to: "7") }
    // Three are held: nothing is lost yet.
    #expect(!audience.isOverfull(0))
    audience.note("d", to: "7")
    #expect(audience.events(0) == [])
    #expect(audience.isOverfull(0))
    #expect(audience.events(1) == ["a", "b", "c", "d"])
    audience.close(0)
    audience.open(2, "7", since: 999)
    #expect(audience.resumed(2) == false)
  }

  @Test func anEventForWhichThereIsNoRoomClosesTheConnection() {
    let audience = Audience(places: 4, slots: 2)
    let long = String(repeating: "x", count: 600)
    audience.note(long, to: "7")
    audience.open(0, "7")
    _ = audience.drain(0)
    #expect(audience.isOverfull(0))
  }

  @Test func whatOneConnectionGotAnotherDoesNotGetAgain() {
    let audience = Audience(perUser: 100, size: 200 * 192, places: 8, slots: 40)
    for number in 0..<20 { audience.note("\(number)", to: "7") }
    audience.open(0, "7")
    audience.open(1, "7")
    let (one, other) = (audience.events(0), audience.events(1))
    #expect((one + other).sorted() == (0..<20).map { "\($0)" }.sorted())
  }

  @Test func withoutRoomInTheJournalItIsHandedOutAllTheSame() {
    let audience = Audience(batchSize: 2000)
    audience.note("a", to: "7")
    audience.flush()
    while audience.note("x", to: "8") != nil {}
    while audience.mailroom.journal.hasRoom(for: 1, bytes: 100) {
      audience.mailroom.journal.remove(key: 1)
    }
    audience.open(0, "7")
    #expect(audience.events(0) == ["a"])
    #expect(!audience.isTorn)
    // Nobody knows that it was: it comes again.
    audience.open(1, "7")
    #expect(audience.events(1) == ["a"])
  }

  // MARK: At random

  /// A device with what it has received.
  private struct Device {
    let user: String
    var ids: [UInt64] = []
    var events: [String] = []
    /// Ids up to which it was told that it may have lost some.
    var lostUpTo: UInt64 = 0

    mutating func take(_ objects: [[String: Any]]) {
      for object in objects {
        guard let id = object["id"] as? UInt64, let event = Audience.event(object) else { continue }
        ids.append(id)
        events.append(event)
      }
    }
  }

  private struct Sent {
    let id: UInt64
    let event: String
    let audio: String?
  }

  /// Devices come, go, stop reading and come again with the last id that they have seen: each gets
  /// every event once, in order, but for progress that a newer one replaced, or is told.
  @Test(arguments: 0..<40 as Range<UInt64>) func nothingIsLostAndNothingComesTwice(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let isSmall = seed % 2 == 1
    var audience = Audience(
      connections: 4, perUser: isSmall ? 4 : 400, size: (seed % 4 == 3 ? 6 : 800) * 192,
      lifetime: 1 << 40, places: 12, slots: 60)
    var devices = (0..<4).map { Device(user: "\($0 % 2)") }
    var sent: [String: [Sent]] = ["0": [], "1": []]
    func open(_ place: Int) {
      let since = devices[place].ids.last ?? 0
      audience.open(place, devices[place].user, since: since)
    }
    func closeIfOverfull(_ place: Int) {
      guard audience.isOpen(place), audience.isOverfull(place) else { return }
      audience.close(place)
    }
    func take(_ place: Int, all: Bool) {
      let objects = all ? audience.drain(place) : audience.take(place)
      let resumed = objects.lazy.compactMap { ($0["data"] as? [String: Any])?["resumed"] as? Bool }
      if resumed.contains(false) {
        #expect(isSmall)
        devices[place].lostUpTo = sent[devices[place].user]?.last?.id ?? 0
      }
      devices[place].take(objects)
      closeIfOverfull(place)
    }
    for step in 0..<400 {
      let place = random.below(4)
      switch random.below(9) {
      case 0 where random.below(8) == 0:
        // The power fails, and comes back.
        for place in 0..<4 where audience.isOpen(place) { audience.close(place) }
        audience = audience.restarted(firstID: 10_000 * UInt64(step + 1))
      case 0:
        if audience.isOpen(place) { audience.close(place) } else { open(place) }
      case 1: if audience.isOpen(place) { audience.block(place) }
      case 2, 3: if audience.isOpen(place) { take(place, all: true) }
      case 4: if audience.isOpen(place) { take(place, all: false) }
      default:
        let user = devices[place].user
        let audio = random.below(2) == 0 ? "\(random.below(2))" : nil
        let published =
          audio.map { audience.progress(step % 101, of: $0, to: user) }
          ?? audience.note("\(step)", to: user)
        guard let published else {
          Issue.record("not published")
          return
        }
        let event = audio == nil ? "\(step)" : "\(step % 101) %"
        sent[user]?.append(Sent(id: published.id, event: event, audio: audio))
      }
      audience.flush()
      for place in 0..<4 { closeIfOverfull(place) }
    }
    for place in 0..<4 {
      if !audience.isOpen(place) { open(place) }
      take(place, all: true)
      if !audience.isOpen(place) {
        open(place)
        take(place, all: true)
      }
      let device = devices[place]
      let all = sent[device.user] ?? []
      #expect(device.ids == Array(Set(device.ids)).sorted())
      let received = Set(device.ids)
      for (number, one) in all.enumerated() where !received.contains(one.id) {
        let isReplaced =
          one.audio != nil && all[(number + 1)...].contains { $0.audio == one.audio }
        #expect(isReplaced || one.id <= device.lostUpTo)
      }
      for (id, event) in zip(device.ids, device.events) {
        #expect(all.contains { $0.id == id && $0.event == event })
      }
      audience.close(place)
    }
    #expect(audience.slotsInUse == 0)
    audience.pass(1 << 41)
    while audience.heldCount > 0 { audience.pass(1000) }
    let inUse = audience.family.kept.slotsInUse
    #expect(inUse == 0)
    #expect(!audience.isTorn)
  }
}
