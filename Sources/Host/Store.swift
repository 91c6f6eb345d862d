#if Persistence
import CBoard
import CSQLite
import Memory

/// How a batch ended.
public enum StoreResult {
  /// It is on the disk; or, when it goes on, taken into its transaction.
  case done
  /// Nothing is left of its transaction, of earlier batches neither.
  case failed(HostError)
}

/// Records that outlive the process: key, kind and body, in one file of SQLite.
///
/// A thread of C writes one batch at a time, so that the loop never waits for the disk. SQLite's
/// memory is taken here, at start; a process has one store at a time.
@safe public struct Store: ~Copyable {
  private let state: OpaquePointer
  private let memory: UnsafeMutableRawPointer
  private let batch: UnsafeMutablePointer<UInt8>
  private let batchSize: Int
  /// Keeps other processes away while it is open.
  private let lock: Int32
  private var isOpen = true
  private var hasBegun = false
  private var figures = csqlite_figures()
  /// The name that a damaged file was given, to start with a new one.
  public let setAside: [UInt8]?
  /// From `begin` until `finish` has told the outcome.
  public private(set) var isBusy = false

  /// Opens the file in the directory, which is there, and checks all of it; makes one if there is
  /// none.
  ///
  /// A damaged file gets another name. One that another process has open, or that cannot be read or
  /// written, is left alone: an error says so.
  ///
  /// - Parameters:
  ///   - directory: without a zero byte.
  ///   - batchSize: bytes of the largest batch.
  ///   - sizeMaximum: bytes of the file and its write-ahead log together, at least 256 KiB; of
  ///     these somewhat less than a half is for records. A file that is larger already stays so.
  public init(directory: [UInt8], batchSize: Int, sizeMaximum: Int) throws(HostError) {
    precondition(batchSize > 0 && batchSize <= 1 << 30 && sizeMaximum >= 256 << 10)
    let path = directory + Store.name
    let arenaSize = unsafe Store.terminated(path).withUnsafeBufferPointer {
      unsafe csqlite_arena_size_for($0.baseAddress!, UInt64(sizeMaximum))
    }
    let stateSize = Store.roundedUp(csqlite_store_size())
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: stateSize + arenaSize + batchSize, alignment: 16)
    let state = OpaquePointer(memory)
    let batch = unsafe (memory + stateSize + arenaSize).bindMemory(
      to: UInt8.self, capacity: batchSize)
    let room = unsafe csqlite_room(
      arena: memory + stateSize, arena_size: arenaSize, batch: batch, batch_size: batchSize,
      size_maximum: UInt64(sizeMaximum))
    do {
      (lock, setAside) = try unsafe Store.lockAndOpen(state, path, room)
    } catch {
      unsafe memory.deallocate()
      throw error
    }
    unsafe self.memory = memory
    unsafe self.state = state
    unsafe self.batch = batch
    self.batchSize = batchSize
    unsafe csqlite_figures_now(state, &figures)
  }

  deinit {
    if isOpen {
      unsafe csqlite_close(state)
      cboard_close(lock)
    }
    unsafe memory.deallocate()
  }

  /// Bytes that a store takes: its state, SQLite's memory, room for a batch, the thread's stack.
  public static func byteCount(batchSize: Int, sizeMaximum: Int) -> Int {
    roundedUp(csqlite_store_size()) + csqlite_arena_size(UInt64(sizeMaximum)) + batchSize
      + csqlite_stack_size()
  }

  // MARK: Records

  /// Hands over every record, in the order of keys; only before the first batch.
  public mutating func forEach(
    _ use: (_ key: UInt64, _ kind: UInt8, _ body: RawSpan) -> Void
  ) throws(HostError) {
    precondition(isOpen && !hasBegun)
    // Room for a batch has room for every record that came in one; it may have been larger then.
    let longest = unsafe csqlite_longest(state)
    let isLonger = longest > batchSize
    let body = unsafe isLonger ? UnsafeMutablePointer<UInt8>.allocate(capacity: longest) : batch
    defer { if isLonger { unsafe body.deallocate() } }
    while true {
      var key: UInt64 = 0
      var kind: UInt8 = 0
      let count = unsafe csqlite_next(state, &key, &kind, body, max(longest, batchSize))
      if count == CSQLITE_END { return }
      guard count >= 0 else { throw HostError("read", Int32(count), from: .sqlite) }
      let bytes = unsafe UnsafeRawBufferPointer(start: body, count: Int(count))
      use(key, kind, unsafe bytes.bytes)
    }
  }

  // MARK: Batches

  /// Readable when a batch is done, until `finish`.
  public var descriptor: Int32 { unsafe csqlite_descriptor(state) }

  /// Copies a batch, and has the thread write it: a byte of flags (bit 0: the next batch belongs to
  /// the same transaction), then entries; CSQLite.h tells their bytes.
  ///
  /// - Precondition: no batch is in flight; this one has 1 to `batchSize` bytes.
  public mutating func begin(_ bytes: RawSpan) {
    precondition(isOpen && !isBusy && bytes.byteCount > 0 && bytes.byteCount <= batchSize)
    isBusy = true
    hasBegun = true
    unsafe bytes.withUnsafeBytes { unsafe csqlite_begin(state, $0.baseAddress!, $0.count) }
  }

  /// How the batch ended; nil while it has not, and when there is none.
  public mutating func finish() -> StoreResult? {
    guard isBusy else { return nil }
    let status = unsafe csqlite_finish(state)
    guard status <= 0 else { return nil }
    isBusy = false
    unsafe csqlite_figures_now(state, &figures)
    return status == 0 ? .done : .failed(HostError("write", status, from: .sqlite))
  }

  /// Waits for the batch in flight, takes back a transaction that was to go on, brings the log into
  /// the file and closes it. Nothing but the figures is asked afterwards.
  public mutating func close() {
    guard isOpen else { return }
    isOpen = false
    isBusy = false
    unsafe csqlite_close(state)
    cboard_close(lock)
    unsafe csqlite_figures_now(state, &figures)
  }

  // MARK: Figures, as of the last batch that ended

  /// To the file and its log, in all of the process's life.
  public var bytesWritten: UInt64 { figures.bytes_written }
  /// Of the file, its log and their directory, likewise.
  public var syncs: UInt64 { figures.syncs }
  /// Of the file and its log together, bytes.
  public var fileSize: UInt64 { figures.file_size }
  /// SQLite's memory in bytes: now, and at most so far.
  var memoryUsed: Int { Int(figures.memory_used) }
  var memoryPeak: Int { Int(figures.memory_peak) }
}
#endif
