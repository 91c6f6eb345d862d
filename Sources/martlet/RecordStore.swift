import Gateway
import Host
import Memory

#if Persistence
/// The disk behind the gateway's journal.
struct RecordStore: ~Copyable {
  private var store: Store
  private let damaged: UInt64

  /// Opens the file in the state directory; nil, with a line that says why, when there is none:
  /// everything then goes on in memory.
  static func open(
    _ configuration: Configuration, environment: [[UInt8]], batchSize: Int, _ log: inout Log
  ) -> RecordStore? {
    guard configuration.flag(.persistEnabled) else { return nil }
    guard let directory = StateDirectory.path(environment) else {
      report("no STATE_DIRECTORY, XDG_STATE_HOME or HOME names a place", directory: [], &log)
      return nil
    }
    do throws(HostError) {
      try File.makeDirectory(directory)
      let store = try Store(
        directory: directory, batchSize: batchSize, sizeMaximum: configuration[.persistMaxSize])
      let setAside = store.setAside
      if let setAside, log.begin(.error, "persistence: a damaged file", at: Clock.wall) {
        log.field("set_aside", setAside.span.raw)
        Process.log(log.end())
      }
      return RecordStore(store: store, damaged: setAside == nil ? 0 : 1)
    } catch {
      report(error.reason, directory: directory, &log)
      return nil
    }
  }

  private static func report(_ reason: StaticString, directory: [UInt8], _ log: inout Log) {
    report(reason.bytes, directory: directory, &log)
  }

  private static func report(_ reason: RawSpan, directory: [UInt8], _ log: inout Log) {
    guard log.begin(.error, "persistence: goes on in memory", at: Clock.wall) else { return }
    log.field("file", (directory + [UInt8]("/martlet.db")).span.raw)
    log.field("reason", words: reason)
    Process.log(log.end())
  }

  /// What the gateway has to know before it is made.
  mutating func heritage() throws(HostError) -> Heritage {
    var heritage = Heritage(hasFile: damaged == 0)
    try store.forEach { key, kind, body in heritage.read(key: key, kind: kind, body) }
    return heritage
  }

  /// Hands all records to the gateway, one kind after the other.
  mutating func restore(to gateway: inout Gateway<Board>) throws(HostError) {
    for kind in Heritage.kinds {
      try store.forEach { key, itsKind, body in
        if itsKind == kind { gateway.restore(kind: kind, key: key, body) }
      }
    }
  }

  /// Readable when a batch is done.
  var descriptor: Int32 { store.descriptor }

  mutating func begin(_ batch: RawSpan) { store.begin(batch) }

  /// Whether the batch on its way is done, and how it ended.
  mutating func finish() -> (isDone: Bool, failure: StoreFailure?) {
    switch store.finish() {
    case nil: (false, nil)
    case .done?: (true, nil)
    case .failed(let error)?: (true, RecordStore.failure(error))
    }
  }

  /// Waits for the batch on its way.
  mutating func wait() -> StoreFailure? {
    while true {
      let (isDone, failure) = finish()
      if isDone { return failure }
      Process.wait(for: store.descriptor)
    }
  }

  private static func failure(_ error: HostError) -> StoreFailure {
    let reason = error.reason
    return StoreFailure(
      [UInt8](capacity: reason.byteCount) { output in
        for offset in 0..<reason.byteCount { output.append(reason[offset]) }
      })
  }

  mutating func close() { store.close() }

  var figures: StoreFigures {
    StoreFigures(
      bytesWritten: store.bytesWritten, syncs: store.syncs, size: store.fileSize,
      damagedFiles: damaged)
  }

  static func byteCount(_ configuration: Configuration, batchSize: Int) -> Int {
    configuration.flag(.persistEnabled)
      ? Store.byteCount(batchSize: batchSize, sizeMaximum: configuration[.persistMaxSize]) : 0
  }
}
#else
/// Stands where the trait is left out of the build: there is never one.
struct RecordStore: ~Copyable {
  static func open(
    _ configuration: Configuration, environment: [[UInt8]], batchSize: Int, _ log: inout Log
  ) -> RecordStore? { nil }

  mutating func heritage() throws(HostError) -> Heritage {
    Heritage(hasFile: false)
  }
  mutating func restore(to gateway: inout Gateway<Board>) throws(HostError) {}
  var descriptor: Int32 { -1 }
  mutating func begin(_ batch: RawSpan) {}
  mutating func finish() -> (isDone: Bool, failure: StoreFailure?) { (true, nil) }
  mutating func wait() -> StoreFailure? { nil }
  mutating func close() {}
  var figures: StoreFigures { StoreFigures() }
  static func byteCount(_ configuration: Configuration, batchSize: Int) -> Int { 0 }
}
#endif
