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
      guard try Resources.hasDescriptors(for: limits, &log) else { return .configuration }
      guard Resources.hasMemory(for: limits, configuration, &log) else { return .memory }
      return try serve(configuration, settings, &limits, &log)
    } catch {
      report(error, &log)
      return ExitCode(error) ?? .system
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
    if configuration.flag(.touchMemory) { Process.makeTablesResident() }
    var gatewayLog = settings.makeLog()
    gatewayLog.level = log.level
    let service = Service()
    service.extend(by: Service.extraTime + RecordStore.openingTime(configuration))
    var store = RecordStore.open(
      configuration, environment: settings.environment, batchSize: limits.batchSize, &log)
    let isWanted = limits.keepsRecords
    let heritage = RecordStore.heritage(of: &store, &log)
    limits.keepsRecords = store != nil
    // All memory is there before the first client can be, and it goes with the process.
    var gateway = Permanent(
      Gateway(
        link: try Board(places: limits.places, ring: ring, settings: settings, service: service),
        limits: limits,
        origins: configuration.allowedOrigins(), keys: keys.takeSet(),
        rules: configuration.tokenRules(), clock: configuration.clockRules(), log: gatewayLog,
        heritage: heritage))
    do throws(HostError) {
      try certificate.begin(on: &gateway.value.link.loop, limits, configuration)
      if configuration.flag(.touchMemory) { gateway.value.touchMemory() }
      return try run(&gateway.value, &store, isWanted, configuration, &log)
    } catch {
      gateway.value.link.closeStore()
      throw error
    }
  }

  @inline(never)
  private static func run(
    _ gateway: inout Gateway<Board>, _ store: inout RecordStore?, _ isStoreWanted: Bool,
    _ configuration: Configuration, _ log: inout Log
  ) throws(HostError) -> ExitCode {
    if let store = store.take() {
      try store.begin(behind: &gateway, &log)
    } else if isStoreWanted {
      gateway.goWithoutDisk()
    }
    if let fault = Listening.begin(configuration, Process.environment, &gateway.link, &log) {
      return fault
    }
    Resources.checkClock(configuration, &log)
    #if Deflate
    if gateway.lacksDeflateMemory { Resources.warnOfNoDeflate(configuration, &log) }
    #endif
    if !configuration.flag(.touchMemory) { Process.forgetStart() }
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
    return fault.exitCode
  }

  private static func report(_ error: HostError, _ log: inout Log) {
    let event: StaticString = error.isOutOfMemory ? "not enough memory" : "cannot go on"
    if log.begin(.error, event, at: Clock.wall) {
      log.field("operation", error.operation)
      log.field("reason", words: error.reason)
      Process.log(log.end())
    }
  }
}
