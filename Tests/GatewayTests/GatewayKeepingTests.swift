import Delivery
import Memory
import TestSupport
import Testing

@testable import Gateway

#if Persistence && (StepDetection || Echo)
@Suite struct GatewayKeepingTests {
  private func limits(batchSize: Int = 0) -> Limits {
    var limits = Limits.few
    limits.keepsRecords = true
    // Nobody goes because of silence.
    limits.connectionTimeout = 3_600_000
    limits.pongWait = 3_600_000
    limits.batchSizeSet = batchSize
    return limits
  }

  /// Puts a record down and tells the first connection, as a family does.
  private func acknowledge(_ text: String, _ simulation: Simulation) {
    simulation.gateway.mailroom.journal.record.append(Array(text.utf8).span.raw)
    let key = simulation.gateway.mailroom.journal.newKey()
    simulation.gateway.mailroom.journal.put(.emotion, key: key)
    simulation.gateway.mailroom.hold(0)
    simulation.gateway.mailroom.send(.text, Array(text.utf8).span.raw, to: 0)
    // There is a turn.
    simulation.network.places[0]?.send(frame(10))
  }

  private func texts(_ peer: Peer) -> [String] {
    serverFrames(peer.takeOutput())?.filter { $0.opcode == 1 }.map { text($0.payload) } ?? ["torn"]
  }

  private func bodies(_ disk: Disk) -> Set<String> {
    Set(disk.image.records.values.filter { $0.kind == 5 }.map { text($0.body) })
  }

  @Test func nobodyIsToldBeforeItIsOnDisk() throws {
    let disk = Disk()
    let simulation = try Simulation(limits(), disk: disk)
    let peer = try simulation.open()
    disk.isQuick = false
    acknowledge("one", simulation)
    simulation.pass(1_000)
    #expect(texts(peer) == [])
    disk.isQuick = true
    simulation.run()
    #expect(texts(peer) == ["one"])
    #expect(bodies(disk) == ["one"])
    simulation.check()
  }

  @Test func aBurstIsFewBatches() throws {
    let disk = Disk()
    let simulation = try Simulation(limits(), disk: disk)
    let peer = try simulation.open()
    simulation.pass(1_000)
    let before = disk.batches
    var told: [String] = []
    for number in 0..<50 {
      acknowledge("\(number)", simulation)
      simulation.pass(20)
      told += texts(peer)
    }
    simulation.pass(1_000)
    told += texts(peer)
    #expect(told == (0..<50).map { "\($0)" })
    // One at once, then one every 200 ms of the second that it took.
    #expect(disk.batches - before <= 7)
    #expect(simulation.network.emptyWaits < 20)
  }

  @Test func whileTheDiskIsBusyNothingSpins() throws {
    let disk = Disk()
    let simulation = try Simulation(limits(), disk: disk)
    _ = try simulation.open()
    disk.isQuick = false
    acknowledge("one", simulation)
    simulation.pass(1)
    simulation.gateway.waitForDisk(0)
    let turns = simulation.turns
    simulation.pass(9_000)
    #expect(simulation.turns - turns < 10)
    disk.isQuick = true
    simulation.pass(1_000)
    let isStalled = simulation.gateway.connections[0].isStalled
    #expect(!isStalled)
  }

  @Test func aDiskThatFailsIsSaidOnceAndTriedAgain() throws {
    let disk = Disk()
    let simulation = try Simulation(limits(), disk: disk)
    let peer = try simulation.open()
    disk.fault = "no space"
    for number in 0..<3 {
      acknowledge("\(number)", simulation)
      simulation.pass(300)
    }
    #expect(texts(peer) == ["0", "1", "2"])
    simulation.pass(65_000)
    let lines = simulation.network.log.filter { $0.contains("goes on in memory") }
    #expect(lines.count == 1)
    #expect(lines.first?.contains("no space") == true)
    let failures = simulation.gateway.keeper.failures
    #expect(failures >= 2)
    disk.fault = nil
    simulation.pass(31_000)
    #expect(simulation.network.log.filter { $0.contains("takes records again") }.count == 1)
    let isKept = simulation.gateway.mailroom.journal.isKept
    #expect(isKept)
    // What the families still hold is there; of this test's records nobody knows.
    #expect(bodies(disk) == [])
    acknowledge("later", simulation)
    simulation.pass(300)
    #expect(bodies(disk) == ["later"])
  }

  @Test func aDiskThatDoesNotAnswerHoldsNobodyForEver() throws {
    let disk = Disk()
    let simulation = try Simulation(limits(), disk: disk)
    let peer = try simulation.open()
    disk.isQuick = false
    acknowledge("one", simulation)
    simulation.pass(9_000)
    #expect(texts(peer) == [])
    simulation.pass(2_000)
    #expect(texts(peer) == ["one"])
    #expect(simulation.network.log.filter { $0.contains("does not answer") }.count == 1)
    simulation.pass(60_000)
    #expect(disk.batches == 1)
    // It goes on as soon as there is an answer.
    disk.isQuick = true
    simulation.pass(1_000)
    #expect(simulation.network.log.filter { $0.contains("takes records again") }.count == 1)
  }

  @Test func theEndDoesNotWaitForADiskThatHangs() throws {
    let disk = Disk()
    let simulation = try Simulation(limits(), disk: disk)
    let peer = try simulation.open()
    disk.isQuick = false
    acknowledge("one", simulation)
    let isAnswered = simulation.gateway.endKeeping()
    #expect(!isAnswered)
    #expect(texts(peer) == ["one"])
  }

  @Test func moreThanABatchIsARewriting() throws {
    let disk = Disk()
    let simulation = try Simulation(limits(batchSize: 1), disk: disk)
    let peer = try simulation.open()
    let size = simulation.gateway.limits.batchSize
    for _ in 0..<(size / 600 + 2) {
      let long = [UInt8](repeating: 7, count: 600)
      simulation.gateway.mailroom.journal.record.append(long.span.raw)
      let key = simulation.gateway.mailroom.journal.newKey()
      simulation.gateway.mailroom.journal.put(.emotion, key: key)
    }
    acknowledge("x", simulation)
    // Not before all of it is on disk.
    disk.isQuick = false
    simulation.pass(1_000)
    #expect(texts(peer) == [])
    disk.isQuick = true
    simulation.pass(1_000)
    #expect(texts(peer).first == "x")
    #expect(simulation.network.log.filter { $0.contains("PERSIST_BATCH_SIZE") }.count == 1)
    #expect(!simulation.network.log.contains { $0.contains("in memory") })
  }

  @Test func idsGoOnBehindThoseOfEarlierRuns() throws {
    let disk = Disk()
    var first: UInt64 = 0
    do {
      let simulation = try Simulation(limits(), disk: disk)
      first = simulation.gateway.firstID
    }
    let simulation = try Simulation(limits(), disk: disk)
    let second = simulation.gateway.firstID
    #expect(second > first)
    #expect(disk.image.records.values.filter { $0.kind == 1 }.count == 1)
  }

  #if UserEvents
  @Test func aRecordThatNobodyTakesIsRemoved() throws {
    let disk = Disk()
    var journal = Mailroom(
      connections: 1, places: 4, slots: 4, slotSize: 256, draftSize: 256, seed: 1,
      journal: Journal(batchSize: 256, recordSize: 64))
    journal.journal.begin(isFresh: false)
    journal.journal.record.append("nonsense")
    journal.journal.put(.event, key: journal.journal.newKey())
    journal.sealJournal(goesOn: false) { disk.begin(array($0)) }
    _ = disk.finish()
    let simulation = try Simulation(limits(), disk: disk)
    #expect(simulation.network.log.contains { $0.contains("records=1") })
    #expect(disk.image.records.values.map(\.kind) == [1])
    let key = simulation.gateway.mailroom.journal.newKey()
    #expect(key > 1)
  }
  #endif

  #if UserEvents
  /// Settings may have become smaller: what could neither be sent nor written anew is not taken.
  @Test func aRecordThatIsTooLongForTodayIsRemoved() throws {
    let disk = Disk()
    do {
      var limits = limits()
      limits.bodyMaximum = 16_384
      let simulation = try Simulation(limits, disk: disk)
      publish(String(repeating: "x", count: 9_000), simulation)
      publish("short", simulation)
      simulation.pass(1_000)
      #expect(disk.image.records.values.filter { $0.kind == 3 }.count == 2)
    }
    var smaller = limits()
    smaller.messageMaximum = 4_096
    smaller.testParticipantSize = 4_096
    let simulation = try Simulation(smaller, disk: disk)
    #expect(disk.image.records.values.filter { $0.kind == 3 }.count == 1)
    #expect(simulation.network.log.contains { $0.contains("records=1") })
    // All can be put down anew.
    simulation.gateway.mailroom.journal.begin(isFresh: true)
    simulation.gateway.keeper.beginRewriting()
    simulation.pass(1_000)
    let isTorn = simulation.gateway.mailroom.journal.isTorn
    #expect(!isTorn)
    #expect(disk.image.records.values.filter { $0.kind == 3 }.count == 1)
  }

  private func publish(_ title: String, _ simulation: Simulation) {
    let body =
      #"{"type":"notification","data":{"title":"\#(title)","message":"m","level":"info"}}"#
    let by = token(#"{"sub":"1","role":"service","exp":1800000000}"#)
    let peer = simulation.connect()
    peer.send(
      "POST /api/v1/users/7/events HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer \(by)\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    simulation.pass(500)
    #expect(text(peer.takeOutput()).hasPrefix("HTTP/1.1 202"))
  }
  #endif

  /// One that nothing makes whole is not tried without a pause: a memory card wears out.
  @Test func aJournalThatTearsAgainAndAgainIsWrittenAnewInTime() throws {
    let disk = Disk()
    let simulation = try Simulation(limits(), disk: disk)
    _ = try simulation.open()
    let before = disk.batches
    for _ in 0..<50 {
      let long = [UInt8](repeating: 7, count: simulation.gateway.limits.recordSize + 1)
      simulation.gateway.mailroom.journal.record.append(long.span.raw)
      let key = simulation.gateway.mailroom.journal.newKey()
      simulation.gateway.mailroom.journal.put(.emotion, key: key)
      simulation.network.places[0]?.send(frame(10))
      simulation.pass(20)
    }
    #expect(disk.batches - before <= 7)
  }

  @Test func theEndWaitsForWhatWasGathered() throws {
    let disk = Disk()
    let simulation = try Simulation(limits(), disk: disk)
    _ = try simulation.open()
    acknowledge("first", simulation)
    simulation.pass(1)
    acknowledge("last", simulation)
    let isAnswered = simulation.gateway.endKeeping()
    #expect(isAnswered)
    #expect(bodies(disk) == ["first", "last"])
  }

  #if EmotionSync
  /// Emotions wait a moment for more of them; the end does not.
  @Test func theEndPutsDownEmotionsThatWait() throws {
    let disk = Disk()
    let simulation = try Simulation(limits(), disk: disk)
    let peer = simulation.connect()
    let by = token(#"{"sub":"7","exp":1800000000}"#)
    peer.send(handshake("/api/ws", "Authorization: Bearer \(by)\r\n"))
    simulation.pass(10)
    #expect(text(peer.takeOutput()).hasPrefix("HTTP/1.1 101"))
    peer.send(frame(#"{"type":"emotion_update","emotion":"happy"}"#))
    simulation.pass(10)
    #expect(bodies(disk) == [])
    let isAnswered = simulation.gateway.endKeeping()
    #expect(isAnswered)
    #expect(bodies(disk).contains { $0.contains("happy") })
  }
  #endif
}
#endif
