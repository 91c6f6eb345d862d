import Delivery
import HTTP
import Memory
import Testing
import Tokens

@testable import Gateway

/// A gateway among simulated peers.
final class Simulation {
  let network: Network
  var gateway: Gateway<SimulatedLink>
  var turns = 0
  private let limits: Limits

  init(
    _ limits: Limits = .few, origins: String = "*", level: LogLevel = .debug,
    rules: TokenRules = TokenRules(), clock: ClockRules = ClockRules(), disk: Disk = Disk()
  ) throws {
    self.limits = limits
    network = Network(places: limits.places, disk: disk)
    gateway = Gateway(
      link: SimulatedLink(network: network), limits: limits,
      origins: try AllowedOrigins(Array(origins.utf8).span.raw),
      keys: keySet(1), rules: rules, clock: clock,
      log: Log(level: level, isJSON: false, hasTime: false), heritage: Simulation.heritage(disk))
    if limits.keepsRecords { restore(from: disk) }
  }

  private static func heritage(_ disk: Disk) -> Heritage {
    var heritage = Heritage(hasFile: true)
    for (key, record) in disk.image.records {
      heritage.read(key: key, kind: record.kind, record.body.span.raw)
    }
    return heritage
  }

  /// As the program does at its start.
  private func restore(from disk: Disk) {
    gateway.beginRestoring()
    for (key, record) in disk.image.sorted {
      gateway.restore(kind: record.kind, key: key, record.body.span.raw)
    }
    gateway.endRestoring()
  }

  // Slots must not be lost, so whoever is still there gives its own back.
  deinit {
    for place in 0..<limits.places { gateway.drop(place, because: "the test is over") }
    gateway.mailroom.endSharing()
  }

  // MARK: Time

  /// Turns until a real loop would sleep.
  func run(_ most: Int = 5_000, at location: SourceLocation = #_sourceLocation) {
    for _ in 0..<most {
      guard turn() else { return }
    }
    Issue.record("it spins: \(most) turns and no sleep", sourceLocation: location)
  }

  /// Lets time pass, milliseconds.
  func pass(_ time: UInt64, at location: SourceLocation = #_sourceLocation) {
    network.horizon = network.now + time
    run(at: location)
    network.now = network.horizon
  }

  /// One turn; false when it would sleep.
  func turn() -> Bool {
    turns += 1
    do throws(Idle) { try gateway.turn() } catch { return false }
    return true
  }

  // MARK: Peers

  func connect() -> Peer {
    let peer = Peer()
    network.arriving.append(peer)
    run()
    return peer
  }

  /// A peer past its opening handshake, with what a session says first already read.
  func open(_ path: String = guestPath) throws -> Peer {
    let peer = connect()
    peer.send(handshake(path))
    run()
    let head = text(peer.takeOutput()).prefix(12)
    try #require(head == "HTTP/1.1 101")
    return peer
  }

  // MARK: What must hold

  /// Every slot is somewhere, every count is right.
  func check(at location: SourceLocation = #_sourceLocation) {
    var (taken, sent, present, open) = (0, 0, 0, 0)
    for place in 0..<limits.places {
      taken += slots(Int(gateway.connections[place].backlog.count))
      taken += slots(Int(gateway.connections[place].assembler.pieces.count))
      sent += gateway.mailroom.outboxes.slotCount(of: place)
      let (phase, family) = (gateway.connections[place].phase, gateway.connections[place].family)
      if phase != .vacant { present += 1 }
      if family != .none { open += 1 }
      #expect((phase == .vacant) == (network.places[place] == nil), sourceLocation: location)
      #expect((phase == .open) == (family != .none), sourceLocation: location)
    }
    let (read, write) = (gateway.readPool.available, gateway.mailroom.outboxes.pool.available)
    let (connections, opened) = (gateway.connectionCount, gateway.openCount)
    #expect(read + taken == limits.readSlots, sourceLocation: location)
    #expect(write + sent == limits.writeSlots, sourceLocation: location)
    #expect(connections == present && opened == open, sourceLocation: location)
  }

  /// Nobody is left and every pool is as full as at the start.
  func expectEmpty(at location: SourceLocation = #_sourceLocation) {
    check(at: location)
    let (connections, open) = (gateway.connectionCount, gateway.openCount)
    let (read, write) = (gateway.readPool.available, gateway.mailroom.outboxes.pool.available)
    #expect(connections == 0 && open == 0, sourceLocation: location)
    #expect(read == limits.readSlots && write == limits.writeSlots, sourceLocation: location)
  }

  private func slots(_ bytes: Int) -> Int { Limits.slots(for: bytes, limits.readSlotSize) }
}

extension Limits {
  /// Small pools of small slots, so that a test fills them.
  static var few: Limits {
    var limits = Limits()
    limits.connections = 6
    limits.httpConnections = 2
    limits.readSlotSize = 256
    limits.writeSlotSize = 256
    limits.headMaximum = 1024
    return limits
  }
}

/// A path that takes anyone, where this build has one: tests that say nothing to a family take it.
let guestPath = BuildTrait.stepDetection.isBuiltIn ? "/ws/realtime" : "/echo"

let sampleKey = "dGhlIHNhbXBsZSBub25jZQ=="

func handshake(_ path: String, _ more: String = "") -> String {
  "GET \(path) HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(sampleKey)\r\n\(more)\r\n"
}

extension Gateway where Link: ~Copyable {
  /// Bytes that wait for one connection, as far as one system call takes them.
  func queued(_ place: Int) -> Int {
    let list = mailroom.outboxes.gather(place)
    return list.byteCount
  }
}
