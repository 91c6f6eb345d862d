import Gateway
import Host
import Memory

/// Serves until it is told to stop.
enum Server {
  static func run(_ configuration: Configuration) -> ExitCode {
    var limits = Limits(configuration)
    let settings = RuntimeSettings(
      configuration: configuration, environment: Process.environment)
    var log = settings.makeLog()
    do throws(HostError) {
      guard try hasDescriptors(for: limits, &log) else { return .configuration }
      return try serve(configuration, settings, &limits, &log)
    } catch {
      report(error, &log)
      return .system
    }
  }

  private static func serve(
    _ configuration: Configuration, _ settings: RuntimeSettings, _ limits: inout Limits,
    _ log: inout Log
  ) throws(HostError) -> ExitCode {
    var keys: LoadedKeys
    do throws(KeyFault) {
      log.level = try settings.logLevel()
      keys = try settings.keys(isReload: false)
    } catch {
      return refuse(error)
    }
    var certificate: Certificate
    do throws(KeyFault) { certificate = try settings.certificate() } catch {
      return refuse(error)
    }
    var ring = KeyRing()
    swap(&ring, &keys.ring)
    var gatewayLog = settings.makeLog()
    gatewayLog.level = log.level
    var store = RecordStore.open(
      configuration, environment: settings.environment, batchSize: limits.batchSize, &log)
    let isWanted = limits.keepsRecords
    let heritage = RecordStore.heritage(of: &store, &log)
    limits.keepsRecords = store != nil
    // All memory is there before the first client can be.
    var gateway = Gateway(
      link: try Board(places: limits.places, ring: ring, settings: settings), limits: limits,
      origins: configuration.allowedOrigins(), keys: keys.takeSet(),
      rules: configuration.tokenRules(), clock: configuration.clockRules(), log: gatewayLog,
      heritage: heritage)
    try certificate.begin(on: &gateway.link.loop, limits, configuration)
    if configuration.flag(.touchMemory) { gateway.touchMemory() }
    if let store = store.take() {
      try restore(store, to: &gateway, &log)
    } else if isWanted {
      gateway.goWithoutDisk()
    }
    guard try listen(configuration, &gateway.link, &log) else { return .system }
    while !gateway.isDone { try gateway.turn() }
    guard gateway.endKeeping() else {
      // A thread that hangs in the disk cannot be waited for.
      Process.exit(ExitCode.done.rawValue)
    }
    gateway.link.closeStore()
    return .done
  }

  private static func refuse(_ fault: KeyFault) -> ExitCode {
    Process.log((fault.line + [0x0A]).span.raw)
    return .configuration
  }

  private static func restore(
    _ store: consuming RecordStore, to gateway: inout Gateway<Board>, _ log: inout Log
  ) throws(HostError) {
    gateway.beginRestoring()
    guard store.restore(to: &gateway, &log) else { return gateway.goWithoutDisk() }
    try gateway.link.take(store)
    gateway.endRestoring()
  }

  /// Sockets beyond the connections: listeners, the loop's own, standard streams.
  private static let furtherDescriptors = 40

  private static func hasDescriptors(
    for limits: Limits, _ log: inout Log
  ) throws(HostError) -> Bool {
    let allowed = try Process.raiseDescriptorLimit()
    let needed = limits.places + furtherDescriptors
    guard allowed < needed else { return true }
    if log.begin(.error, "too few descriptors for WEBSOCKET_MAX_CONNECTIONS", at: Clock.wall) {
      log.field("needed", needed)
      log.field("allowed", allowed)
      log.field("remedy", "raise LimitNOFILE or ulimit -n, or lower the setting")
      Process.log(log.end())
    }
    return false
  }

  /// Listens on every address of WEBSOCKET_HOST; one whose family the machine lacks is passed
  /// over, as long as another works.
  private static func listen(
    _ configuration: Configuration, _ board: inout Board, _ log: inout Log
  ) throws(HostError) -> Bool {
    let (plain, secure) = (configuration[.port], Certificate.port(configuration))
    // One number for both is the one of TLS.
    let isShared = plain == secure && plain != 0
    if !isShared, try !listen(configuration, plain, isSecure: false, &board, &log) { return false }
    guard let secure else { return true }
    return try listen(configuration, secure, isSecure: true, &board, &log)
  }

  private static func listen(
    _ configuration: Configuration, _ port: Int, isSecure: Bool, _ board: inout Board,
    _ log: inout Log
  ) throws(HostError) -> Bool {
    var isListening = false
    for address in configuration.addresses(.host) {
      do throws(HostError) {
        let name = try board.loop.listen(on: address, port: UInt16(port), isSecure: isSecure)
        isListening = true
        if log.begin(.info, "listening", at: Clock.wall) {
          log.field("address", name.span.raw)
          if isSecure { log.field("scheme", ("wss" as StaticString).bytes) }
          Process.log(log.end())
        }
      } catch {
        let level: LogLevel = error.isMissingFamily ? .warning : .error
        if log.begin(level, "cannot listen", at: Clock.wall) {
          log.field("address", address.span.raw)
          log.field("port", port)
          log.field("reason", words: error.reason)
          Process.log(log.end())
        }
        guard error.isMissingFamily else { return false }
      }
    }
    if !isListening, log.begin(.error, "no address to listen on", at: Clock.wall) {
      Process.log(log.end())
    }
    return isListening
  }

  private static func report(_ error: HostError, _ log: inout Log) {
    if log.begin(.error, "cannot go on", at: Clock.wall) {
      log.field("operation", error.operation)
      log.field("reason", words: error.reason)
      Process.log(log.end())
    }
  }
}
