import Gateway
import Host
import Memory

#if Persistence
/// The disk behind the gateway's journal.
struct RecordStore: ~Copyable {
  private var store: Store
  private let damaged: UInt64
  private let directory: [UInt8]

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
      return RecordStore(store: store, damaged: setAside == nil ? 0 : 1, directory: directory)
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

  /// What the gateway has to know before it is made. A store that cannot be read is let go.
  static func heritage(of store: inout RecordStore?, _ log: inout Log) -> Heritage {
    guard var open = store.take() else { return Heritage(hasFile: false) }
    var heritage = Heritage(hasFile: open.damaged == 0)
    do throws(HostError) {
      try open.store.forEach { key, kind, body in heritage.read(key: key, kind: kind, body) }
    } catch {
      report(error.reason, directory: open.directory, &log)
      return Heritage(hasFile: false)
    }
    store = consume open
    return heritage
  }

  /// Hands all records to the gateway, and is its disk from then on; with a line that says why, it
  /// is not when they cannot be read.
  consuming func begin(
    behind gateway: inout Gateway<Board>, _ log: inout Log
  ) throws(HostError) {
    gateway.beginRestoring()
    guard restore(to: &gateway, &log) else { return gateway.goWithoutDisk() }
    try gateway.link.take(self)
    gateway.endRestoring()
  }

  /// One kind after the other.
  private mutating func restore(to gateway: inout Gateway<Board>, _ log: inout Log) -> Bool {
    do throws(HostError) {
      for kind in Heritage.kinds {
        try store.forEach { key, itsKind, body in
          if itsKind == kind { gateway.restore(kind: kind, key: key, body) }
        }
      }
      return true
    } catch {
      RecordStore.report(error.reason, directory: directory, &log)
      return false
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

  /// Waits for the batch on its way, so many milliseconds at most.
  mutating func wait(for time: UInt64) -> StoreAnswer {
    let end = Clock.microseconds / 1000 + time
    while true {
      let (isDone, failure) = finish()
      if isDone { return failure.map { .failed($0) } ?? .done }
      let now = Clock.microseconds / 1000
      guard now < end else { return .busy }
      Process.wait(for: store.descriptor, milliseconds: Int(end - now))
    }
  }

  private static func failure(_ error: HostError) -> StoreFailure {
    StoreFailure([UInt8](error.reason))
  }

  mutating func close() { store.close() }

  var figures: StoreFigures {
    StoreFigures(
      bytesWritten: store.bytesWritten, syncs: store.syncs, size: store.fileSize,
      damagedFiles: damaged)
  }

  /// Milliseconds that a large file takes to be checked and read.
  static func openingTime(_ configuration: Configuration) -> UInt64 {
    UInt64(configuration[.persistMaxSize] >> 10)
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

  static func heritage(of store: inout RecordStore?, _ log: inout Log) -> Heritage {
    Heritage(hasFile: false)
  }
  consuming func begin(
    behind gateway: inout Gateway<Board>, _ log: inout Log
  ) throws(HostError) {}
  var descriptor: Int32 { -1 }
  mutating func begin(_ batch: RawSpan) {}
  mutating func finish() -> (isDone: Bool, failure: StoreFailure?) { (true, nil) }
  mutating func wait(for time: UInt64) -> StoreAnswer { .done }
  mutating func close() {}
  var figures: StoreFigures { StoreFigures() }
  static func openingTime(_ configuration: Configuration) -> UInt64 { 0 }
  static func byteCount(_ configuration: Configuration, batchSize: Int) -> Int { 0 }
}
#endif
