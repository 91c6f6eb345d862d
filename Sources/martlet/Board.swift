import Gateway
import Host
import Memory
import Tokens

/// The board as the gateway's outside world.
struct Board: Transport, ~Copyable {
  var loop: EventLoop
  private var random: Random
  private var ring: KeyRing
  private let settings: RuntimeSettings
  private var disk: RecordStore?
  private var storeFailure: StoreFailure?
  var service: Service

  // Numbers of POSIX signals on Linux.
  private static let hangup: Int32 = 1
  private static let interrupt: Int32 = 2
  private static let terminate: Int32 = 15

  /// - Parameters:
  ///   - places: connections at once.
  ///   - ring: the keys that check tokens.
  ///   - settings: what is read anew on SIGHUP.
  ///   - service: who has started us, and wants to know.
  init(
    places: Int, ring: consuming KeyRing, settings: consuming RuntimeSettings,
    service: consuming Service
  ) throws(HostError) {
    let random = try Random()
    var loop = try EventLoop(capacity: places)
    try loop.report(signal: Board.hangup)
    try loop.report(signal: Board.interrupt)
    try loop.report(signal: Board.terminate)
    self.random = random
    self.loop = loop
    self.ring = ring
    self.settings = settings
    self.service = service
    disk = nil
  }

  /// Takes the disk, when all of its records were handed over.
  mutating func take(_ store: consuming RecordStore) throws(HostError) {
    try loop.watch(further: store.descriptor)
    disk = consume store
  }

  var now: UInt64 { loop.now }
  var wallClock: UInt64 { Clock.wall }
  var microseconds: UInt64 { Clock.microseconds }
  var isClockSynchronized: Bool { Clock.isSynchronized }

  @_optimize(speed)
  mutating func wait(until deadline: UInt64?) throws(HostError) {
    // A turn that hangs does not come here, and the service manager notices.
    service.beat(at: loop.now)
    try loop.wait(until: min(deadline ?? .max, service.nextWakeUp))
  }

  @_optimize(speed)
  mutating func nextEvent() -> LinkEvent? {
    while true {
      switch loop.nextEvent() {
      case nil: return nil
      case .accepted(let place):
        if loop.isSecure(place) { loop.setClock(isKnown: knowsTime) }
        return .accepted(place)
      case .ready(let place, let readable, let writable):
        return .ready(place, readable: readable, writable: writable)
      case .failed(let place): return .failed(place)
      case .refused(let shortage): return .refused(Board.shortage(shortage))
      case .signal(Board.hangup): return .reload
      case .signal:
        service.startedStopping(at: loop.now)
        return .terminate
      case .woken:
        let (isDone, failure) = disk?.finish() ?? (false, nil)
        storeFailure = failure
        if isDone { return .stored }
      }
    }
  }

  private static func shortage(_ shortage: HostShortage) -> Shortage {
    switch shortage {
    case .places: .places
    case .descriptors: .descriptors
    case .secureSessions: .secureSessions
    case .system: .system
    }
  }

  /// Whether the days of a client's certificate can be judged.
  private var knowsTime: Bool {
    let rules = settings.configuration.clockRules()
    return wallClock >= rules.floor && (!rules.needsSynchronization || isClockSynchronized)
  }

  @_optimize(speed)
  mutating func watch(_ place: Int, readable: Bool, writable: Bool) {
    loop.watch(place, readable: readable, writable: writable)
  }

  @_optimize(speed)
  mutating func receive(_ place: Int, into target: inout MutableRawSpan) -> Transfer {
    Board.transfer(loop.receive(place, into: &target))
  }

  @_optimize(speed)
  mutating func send(_ place: Int, _ bytes: RawSpan) -> Transfer {
    Board.transfer(loop.send(place, bytes))
  }

  @_optimize(speed)
  mutating func send(_ place: Int, _ list: borrowing GatherList) -> Transfer {
    Board.transfer(loop.send(place, list))
  }

  private static func transfer(_ result: TransferResult) -> Transfer {
    switch result {
    case .bytes(let count): .bytes(count)
    case .wouldBlock: .wouldBlock
    case .ended: .ended
    case .failed: .failed
    }
  }

  func address(_ place: Int) -> UInt64 { loop.network(place) }
  func isSecure(_ place: Int) -> Bool { loop.isSecure(place) }
  mutating func finish(_ place: Int) { loop.finish(place) }
  mutating func close(_ place: Int) { loop.close(place) }
  mutating func touch() { loop.touch() }
  mutating func sixteenRandomBytes() -> InlineArray<16, UInt8> { random.sixteenBytes() }
  func sha1(_ bytes: RawSpan) -> InlineArray<20, UInt8> { Host.sha1(bytes) }

  func verifies(
    _ signature: RawSpan, of signed: RawSpan, by algorithm: Algorithm, key: Int
  ) -> Bool {
    ring.verify(
      key: key, algorithm: SignatureAlgorithm(algorithm), signed: signed, signature: signature)
  }

  mutating func reload() throws(ReloadError) -> Reloaded {
    service.startedReloading()
    do throws(KeyFault) {
      let level = try settings.logLevel()
      var keys = try settings.keys(isReload: true)
      var certificate = try settings.certificate()
      // Nothing can fail from here on.
      certificate.renew(on: &loop)
      swap(&ring, &keys.ring)
      return Reloaded(keys: keys.takeSet(), logLevel: level)
    } catch {
      throw ReloadError(error.line)
    }
  }

  mutating func store(_ batch: RawSpan) { disk?.begin(batch) }

  mutating func takeStoreFailure() -> StoreFailure? {
    let failure = storeFailure
    storeFailure = nil
    return failure
  }

  mutating func waitForStore(for time: UInt64) -> StoreAnswer {
    service.extend(by: time + Service.extraTime)
    return disk?.wait(for: time) ?? .done
  }

  var storeFigures: StoreFigures {
    switch disk {
    case .some(let store): store.figures
    case .none: StoreFigures()
    }
  }
  var secureFigures: SecureFigures {
    let found = loop.secureFigures
    var figures = SecureFigures()
    figures.connections = found.connections
    figures.handshakes = found.handshakes
    figures.resumed = found.resumed
    // The reasons stand in one order there and here.
    figures.failures = found.failures
    figures.expiry = found.expiry
    return figures
  }

  mutating func closeStore() {
    service.extend(by: Service.extraTime)
    disk?.close()
  }

  func log(_ line: RawSpan) {
    let lost = Process.log(line)
    guard lost > 0 else { return }
    var log = settings.makeLog()
    if log.begin(.warning, "lines of the log were lost", at: Clock.wall) {
      log.field("lines", lost)
      log.field("reason", "nobody read standard error")
      Process.logLoss(log.end())
    }
  }
}
